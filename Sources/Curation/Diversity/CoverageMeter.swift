/// How much of a recipe's words has arrived in its documents.
public struct ListCoverage: Codable, Hashable, Sendable {
  public struct Word: Codable, Hashable, Sendable {
    public var text: String
    /// Documents that hold it; of labels, those whose prompt it was in.
    public var documentCount: Int
  }

  public enum Kind: String, Codable, Sendable {
    /// Words that stand in documents.
    case words
    /// Words that stood in documents' prompts.
    case labels
  }

  public var list: String
  public var kind: Kind
  public var wordCount: Int
  /// Words that at least one document has.
  public var foundCount: Int
  /// All, by their documents, the fewest first.
  public var words: [Word]

  public init(list: String, kind: Kind, counts: [String: Int]) {
    self.list = list
    self.kind = kind
    wordCount = counts.count
    foundCount = counts.values.count { $0 > 0 }
    words = counts.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
      .map { Word(text: $0.key, documentCount: $0.value) }
  }
}

/// Counts the documents that hold each word or phrase of some lists, in whatever case.
public struct CoverageMeter: Sendable {
  private let lists: [String: [String]]
  /// By the count of words in a phrase, which phrases have that hash.
  private var phrases: [Int: [UInt64: [String]]] = [:]
  private var counts: [String: Int] = [:]
  private var words = FoldedWords()

  public init(lists: [String: [String]]) {
    self.lists = lists
    for phrase in Set(lists.values.joined()) {
      words.read(phrase)
      guard let run = words.runs(of: words.hashes.count).first else { continue }
      phrases[words.hashes.count, default: [:]][run, default: []].append(phrase)
    }
  }

  public mutating func add(_ text: String) {
    words.read(text)
    for (count, phrases) in phrases {
      for run in Set(words.runs(of: count)) { for phrase in phrases[run] ?? [] { counts[phrase, default: 0] += 1 } }
    }
  }

  public func finished() -> [ListCoverage] {
    lists.sorted { $0.key < $1.key }.map { list, words in
      ListCoverage(
        list: list, kind: .words,
        counts: Dictionary(words.map { ($0, counts[$0] ?? 0) }, uniquingKeysWith: { first, _ in first }))
    }
  }
}
