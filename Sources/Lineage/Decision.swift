import Basics
import Foundation

/// What a person decided about one text of a corpus. It outlives curation: the text's content names it, not its place.
public struct Decision: Hashable, Codable, Sendable {
  public enum Ruling: String, Hashable, Codable, Sendable, CaseIterable {
    /// It belongs into the corpus: a text that a filter refused comes back, another one stays.
    case accept
    /// It does not.
    case reject
    /// Another text takes its place.
    case edit
  }

  /// Its place in the ledger, from 1; 0 before it is recorded.
  public var number: Int
  public var corpus: String
  /// Of the text as it was when it was decided upon.
  public var textID: ContentID
  public var ruling: Ruling
  /// The person's words; empty where nothing was said.
  public var reason: String
  /// Of an edit alone.
  public var newText: String?
  public var decidedAt: Date
  /// Nil while it stands.
  public var undoneAt: Date?

  public init(
    number: Int = 0, corpus: String, textID: ContentID, ruling: Ruling, reason: String = "", newText: String? = nil,
    decidedAt: Date = Date(), undoneAt: Date? = nil
  ) {
    self.number = number
    self.corpus = corpus
    self.textID = textID
    self.ruling = ruling
    self.reason = reason
    self.newText = newText
    self.decidedAt = decidedAt
    self.undoneAt = undoneAt
  }

  /// What is wrong with it, in one clause; nil when all holds.
  public var violation: String? {
    if reason.utf8.count > Self.reasonByteLimit { return "the reason has more than \(Self.reasonByteLimit) bytes" }
    guard ruling == .edit else { return newText == nil ? nil : "only an edit has another text" }
    guard let newText, newText.contains(where: { !$0.isWhitespace }) else { return "the new text is empty" }
    if newText.utf8.contains(Document.separatorByte) { return "the new text holds the byte 0" }
    if newText.utf8.count > Self.textByteLimit { return "the new text has more than \(Self.textByteLimit) bytes" }
    return nil
  }

  public static let reasonByteLimit = 1000
  public static let textByteLimit = 1 << 19
}
