import Basics
import Lineage

/// Which texts of a corpus are reviewed, and in which order: at random, the same for the same seed.
public struct ReviewQuery: Hashable, Sendable {
  public enum Only: String, CaseIterable, Codable, Sendable {
    case kept, rejected
    /// By a decision that stands.
    case decided, undecided
  }

  public var only: Only?
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
        "'\((query.pattern ?? "").prefix(80))' is no regular expression: \(error)",
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

  /// The text's place in the order, by its content: one that comes or goes moves no other.
  func place(of id: ContentID) -> UInt64 {
    var stream = generator.stream(id.digest.prefix(8).reduce(UInt64.zero) { $0 << 8 | UInt64($1) })
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
