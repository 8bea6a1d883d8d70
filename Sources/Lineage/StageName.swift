/// The verbs that make something, in the order in which data travels.
public enum StageName: String, CaseIterable, Codable, Sendable, Comparable {
  case ask, curate, shard, train, export, evaluate, verify, ship

  public static func < (left: StageName, right: StageName) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}
