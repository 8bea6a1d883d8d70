import Foundation

/// How varied texts are: a teacher that says the same in other words makes a student that can say nothing else.
public struct DiversityReport: Codable, Hashable, Sendable {
  public struct Share: Codable, Hashable, Sendable {
    public var text: String
    /// 0 to 1, of all texts.
    public var share: Double
  }

  public struct Bin: Codable, Hashable, Sendable {
    /// Bytes: from this on, and below the next bin's.
    public var leastByteCount: Int
    public var count: Int
  }

  public struct SetSize: Codable, Hashable, Sendable {
    /// Texts: from this on, and below the next's.
    public var leastTextCount: Int
    public var count: Int
  }

  public var schema = "alambic.diversity/1"
  public var textCount = 0
  public var byteCount = 0
  /// Of the lengths in bytes: the least, the tenth, the middle, the ninetieth hundredth, the largest.
  public var lengthQuantiles: [Int] = []
  /// In powers of two.
  public var lengths: [Bin] = []
  /// Different runs of 1, 2 and 3 words, as shares of all runs (distinct-n; Li et al., "A Diversity-Promoting Objective
  /// Function for Neural Conversation Models", NAACL 2016), of the first 100,000 words: the measure falls with length.
  public var distinct: [Double] = []
  public var wordCount = 0
  /// Different words.
  public var vocabularyCount = 0
  /// Three words that texts begin with; the commonest first.
  public var openings: [Share] = []
  /// Different openings, as a share of all texts.
  public var distinctOpenings = 0.0
  /// Names that texts speak of: words with a capital inside sentences; the commonest first.
  public var names: [Share] = []
  /// Different byte values: what a student without a vocabulary has to tell apart.
  public var byteValueCount = 0
  /// How often each byte value comes, from 0 to 255.
  public var byteCounts: [Int] = []
  /// Bytes of the first texts for each byte that zstd makes of them; nil where it was not measured.
  public var compressionRatio: Double?
  /// Sets of texts that are at least 0.8 alike, by their size, of the first 20,000 texts; nil where nobody looked.
  public var sets: [SetSize]?
  /// Of a recipe's lists; nil where there is no recipe.
  public var coverage: [ListCoverage]?
  /// What should be looked at, in a sentence each.
  public var alarms: [String] = []
}

/// Reads texts one by one and says in the end how varied they are.
public struct DiversityMeter {
  private var report = DiversityReport()
  private var lengths: [Int] = []
  private var openings: [String: Int] = [:]
  private var names: [String: Int] = [:]
  private var words = Set<Substring>()
  private var runs: [Set<[Substring]>] = [[], [], []]
  private var runCounts = [0, 0, 0]
  private var byteCounts = [Int](repeating: 0, count: 256)
  /// The first texts.
  public private(set) var sample: [String] = []
  private var sampleByteCount = 0

  /// Words that are looked at for runs.
  private static let runWordCount = 100_000
  private static let shownCount = 10
  private static let sampleCount = 20_000
  private static let sampleByteLimit = 16 << 20

  public init() {}

  public mutating func add(_ text: String) {
    report.textCount += 1
    lengths.append(text.utf8.count)
    for byte in text.utf8 { byteCounts[Int(byte)] += 1 }
    if sample.count < Self.sampleCount, sampleByteCount < Self.sampleByteLimit {
      sample.append(text)
      sampleByteCount += text.utf8.count
    }
    let found = text.split { !($0.isLetter || $0.isNumber || $0 == "'") }
    let lower = found.map { Substring($0.lowercased()) }
    if runCounts[0] < Self.runWordCount { addRuns(lower) }
    report.wordCount += found.count
    words.formUnion(lower)
    openings[lower.prefix(3).joined(separator: " "), default: 0] += 1
    for name in Set(names(in: text)) { names[name, default: 0] += 1 }
  }

  private mutating func addRuns(_ words: [Substring]) {
    for length in 1...3 where words.count >= length {
      for start in 0...words.count - length { runs[length - 1].insert(Array(words[start..<start + length])) }
      runCounts[length - 1] += words.count - length + 1
    }
  }

  /// Words with a capital that do not begin a sentence or a line.
  private func names(in text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).flatMap { line in
      let words = line.split(separator: " ")
      return words.indices.dropFirst().compactMap { index -> String? in
        let word = words[index]
        // What stands behind a quote begins a sentence.
        guard let first = word.first, first.isUppercase, word.dropFirst().first?.isLowercase == true,
          let before = words[index - 1].last, before.isLetter || before == ","
        else { return nil }
        return String(word.prefix { $0.isLetter })
      }
    }
  }

  /// - Parameters:
  ///   - compressionRatio: of the sample.
  ///   - coverage: of a recipe's lists.
  public consuming func finished(
    compressionRatio: Double? = nil, sets: [DiversityReport.SetSize]? = nil, coverage: [ListCoverage]? = nil
  ) -> DiversityReport {
    guard report.textCount > 0 else { return report }
    (report.compressionRatio, report.sets, report.coverage) = (compressionRatio, sets, coverage)
    lengths.sort()
    report.byteCount = lengths.reduce(0, +)
    report.lengthQuantiles = [0, 0.1, 0.5, 0.9, 1].map { lengths[Int($0 * Double(lengths.count - 1))] }
    report.lengths = bins()
    report.distinct = zip(runs, runCounts).map { $1 == 0 ? 0 : Double($0.count) / Double($1) }
    report.vocabularyCount = words.count
    report.openings = commonest(openings)
    report.distinctOpenings = Double(openings.count) / Double(report.textCount)
    report.names = commonest(names)
    report.byteCounts = byteCounts
    report.byteValueCount = byteCounts.count { $0 > 0 }
    report.alarms = DiversityAlarm.all(report) + (coverage ?? []).compactMap(DiversityAlarm.alarm)
    return report
  }

  private func bins() -> [DiversityReport.Bin] {
    let counts = Dictionary(grouping: lengths) { $0 == 0 ? 0 : Int.bitWidth - 1 - $0.leadingZeroBitCount }
    guard let least = counts.keys.min(), let largest = counts.keys.max() else { return [] }
    return (least...largest).map { DiversityReport.Bin(leastByteCount: 1 << $0, count: counts[$0]?.count ?? 0) }
  }

  private func commonest(_ counts: [String: Int]) -> [DiversityReport.Share] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.shownCount)
      .map { DiversityReport.Share(text: $0.key, share: Double($0.value) / Double(report.textCount)) }
  }
}
