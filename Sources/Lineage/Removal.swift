import Foundation

/// A standing order that answers of some origin must not be in a corpus: what a prompt was made of, or who answered.
/// It outlives curation, and holds for answers that are still to come.
public struct Removal: Hashable, Codable, Sendable {
  /// Its place in the ledger, from 1; 0 before it is recorded.
  public var number: Int
  public var corpus: String
  /// A list of the recipe, or one of `PromptLabel`; `model` for what the server called itself,
  /// `license` for what its profile says of its outputs.
  public var list: String
  /// The list's word: `kitchen`, `mistral`, a template's number, the beginning of a passage.
  public var word: String
  /// The person's words; empty where nothing was said.
  public var reason: String
  public var orderedAt: Date
  /// Nil while it stands.
  public var undoneAt: Date?

  /// The name in the place of a list for the model that answered.
  public static let model = "model"
  /// The name in the place of a list for what a teacher's profile says of the licence of its outputs.
  public static let license = "license"

  public init(
    number: Int = 0, corpus: String, list: String, word: String, reason: String = "", orderedAt: Date = Date(),
    undoneAt: Date? = nil
  ) {
    (self.number, self.corpus, self.list, self.word) = (number, corpus, list, word)
    (self.reason, self.orderedAt, self.undoneAt) = (reason, orderedAt, undoneAt)
  }

  /// Whether a prompt with this word of the list is meant: a passage is named by its file and lines, `manual.md:3-9`,
  /// and the file alone means all of them.
  public func takes(_ word: String) -> Bool { word == self.word || word.hasPrefix("\(self.word):") }

  /// `teacher=mistral`
  public var condition: String { "\(list)=\(word)" }
}
