import Basics
import Intake

/// What records of files have in common that must not lie on both sides of the split, beside near duplicates.
public enum SplitKey: Hashable, Sendable {
  /// Fields of the record, such as a label; the text's own among them.
  case fields(TextTemplate, name: String)
  /// The first line of the text: of a dialogue, what was asked.
  case firstLine

  /// - Parameter option: `first-line`, a field's name, or a text with several.
  /// - Throws: `HintedError` for a text with a brace too few.
  public init(option: String) throws {
    self = option == "first-line" ? .firstLine : .fields(try TextTemplate(option), name: option)
  }
}

extension SplitKey: CustomStringConvertible {
  public var description: String {
    switch self {
    case .fields(_, let name): name
    case .firstLine: "first-line"
    }
  }
}
