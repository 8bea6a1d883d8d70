import Basics
import Lineage

/// Which texts of a corpus are reviewed, and in which order: at random, the same for the same seed.
public struct ReviewQuery: Hashable, Sendable {
  public enum Only: String, CaseIterable, Codable, Sendable {
    case kept, rejected
    /// By a decision that stands.
    case decided, undecided
  }

  public enum Order: String, CaseIterable, Codable, Sendable {
    /// The same for the same seed.
    case random
    /// Texts that are nearly the same one behind the other, the largest sets first.
    case clusters
    /// By what the recipe's judge said; texts without a number last.
    case lowestScore = "lowest-score"
    case highestScore = "highest-score"
  }

  /// Texts whose prompt had this word of a list, which labels them.
  public struct Label: Hashable, Sendable {
    public var list: String
    public var word: String

    /// - Parameter text: `list=word`.
    public init?(_ text: String) {
      guard let mark = text.firstIndex(of: "="), mark > text.startIndex else { return nil }
      (list, word) = (String(text[..<mark]), String(text[text.index(after: mark)...]))
    }
  }

  public var only: Only?
  public var order = Order.random
  public var label: Label?
  public var split: Split?
  public var reason: RejectionReason?
  /// Stands in the text, in whatever case.
  public var words: String?
  /// A regular expression that matches somewhere in the text.
  public var pattern: String?
  public var seed: UInt64
  /// How many to leave out first.
  public var offset = 0
  public var limit: Int

  /// Texts that a page may have.
  public static let limits = 1...10_000
  public static let offsets = 0...1_000_000

  public init(seed: UInt64 = 0, limit: Int = 50) {
    self.seed = seed
    self.limit = limit
  }
}

/// A query, ready to be asked of each text.
struct ReviewFilter {
  let query: ReviewQuery
  private let regex: Regex<AnyRegexOutput>?
  private let words: String?
  private let generator: SeededGenerator

  /// - Throws: `HintedError` for a pattern that is none.
  init(_ query: ReviewQuery) throws {
    self.query = query
    generator = SeededGenerator(seed: query.seed)
    words = query.words.flatMap { $0.isEmpty ? nil : $0.lowercased() }
    do {
      regex = try query.pattern.map { try Regex($0) }
    } catch {
      throw HintedError(
        "'\((query.pattern ?? "").prefix(80))' is not a regular expression: \(error)",
        hint: "quote it for the shell, and escape what stands for itself with a backslash", status: .usage)
    }
  }

  var mayTakeDocuments: Bool { query.only != .rejected && query.reason == nil }
  var mayTakeRejections: Bool { query.only != .kept && query.split == nil }

  func takes(_ text: ReviewText) -> Bool {
    switch query.only {
    case .decided where text.decision == nil: return false
    case .undecided where text.decision != nil: return false
    default: break
    }
    if let split = query.split, text.split != split { return false }
    if let reason = query.reason, text.refusal?.reason != reason { return false }
    if let words, !text.text.lowercased().contains(words) { return false }
    if let regex, text.text.firstMatch(of: regex) == nil { return false }
    return true
  }

  /// The text's place in the order.
  func place(of text: ReviewText, _ clusters: ReviewClusters) -> UInt64 {
    switch query.order {
    case .random: randomPlace(of: text.id)
    case .clusters: clusters.place(of: text)
    case .lowestScore: Self.place(of: text.score) ?? .max
    case .highestScore: Self.place(of: text.score).map { ~$0 >> 1 } ?? .max
    }
  }

  /// Ascending with the number, below half of the largest place.
  private static func place(of score: Double?) -> UInt64? {
    guard let bits = score?.bitPattern else { return nil }
    return (bits >> 63 == 0 ? bits | 1 << 63 : ~bits) >> 1
  }

  /// By the text's content: one that comes or goes moves no other.
  private func randomPlace(of id: ContentID) -> UInt64 {
    var stream = generator.stream(id.firstBits)
    return stream.next()
  }
}

/// The first texts of an order, out of any number that come in any order, in bounded memory.
struct FirstTexts {
  private let count: Int
  private(set) var seenCount = 0
  private var held: [(place: UInt64, arrival: Int, text: ReviewText)] = []

  init(_ count: Int) { self.count = count }

  mutating func offer(_ text: ReviewText, at place: UInt64) {
    seenCount += 1
    held.append((place, seenCount, text))
    if held.count >= 2 * count + 64 { settle() }
  }

  mutating func texts() -> [ReviewText] {
    settle()
    return held.map(\.text)
  }

  private mutating func settle() {
    held.sort { ($0.place, $0.arrival) < ($1.place, $1.arrival) }
    held.removeLast(max(0, held.count - count))
  }
}
