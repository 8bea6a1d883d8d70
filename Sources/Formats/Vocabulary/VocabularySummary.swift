import Basics
import Lineage

/// Which vocabulary it is, for answers of commands and for pages.
public struct VocabularySummary: Hashable, Codable, Sendable {
  /// Of its section.
  public var id: ContentID
  public var stringCount: Int

  /// Nil for the identity, whose tokens are bytes.
  public init?(_ vocabulary: Vocabulary) {
    guard let id = vocabulary.id else { return nil }
    self.id = id
    stringCount = vocabulary.stringTokens.count
  }

  /// `130 strings (sha256:0123456789ab)`.
  public var text: String { "\(stringCount) strings (\(id.short))" }
}
