/// The verbs that make something, in the order in which data travels.
public enum StageName: String, CaseIterable, Codable, Sendable, Comparable {
  case ask, curate, shard, train, export, verify, ship

  public static func < (left: StageName, right: StageName) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}

/// What a run says while it works; the command line renders it, and `--events` prints it as one JSON object a line.
public enum WorkbenchEvent: Sendable {
  case started(StageName)
  case progress(StageName, done: Int, total: Int?, unit: String, note: String?)
  case finished(StageName, summary: String, seconds: Double)
  /// Nothing to do: a receipt says that these inputs and settings were already worked through.
  case upToDate(StageName, summary: String)
  case notice(String)
}

/// Where a run's events go.
public typealias EventSink = @Sendable (WorkbenchEvent) -> Void
