import Similarity

extension DiversityReport {
  /// How large the sets of texts are that are nearly the same.
  /// - Throws: `HintedError` only for a fault of this program.
  public static func setSizes(of texts: [String], threadCount: Int) async throws -> [SetSize] {
    let sets = try await NearDuplicateSettings(threshold: 0.8).sets(of: texts, threadCount: threadCount)
    let sizes = Dictionary(grouping: texts.indices) { sets.root(of: $0) }.values.map(\.count)
    let counts = Dictionary(grouping: sizes) { Int.bitWidth - 1 - $0.leadingZeroBitCount }
    guard let largest = counts.keys.max() else { return [] }
    return (0...largest).map { SetSize(leastTextCount: 1 << $0, count: counts[$0]?.count ?? 0) }
  }
}
