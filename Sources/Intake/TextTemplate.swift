import Basics

/// How a record's fields become a text: `text` alone is that field; `> {query}\n< {answer}` has several.
public struct TextTemplate: Hashable, Sendable {
  enum Piece: Hashable, Sendable {
    case literal([UInt8])
    /// An index into `fields`.
    case field(Int)
  }

  /// As it was written.
  public let source: String
  let pieces: [Piece]
  /// Without repeats, in the order of their first use.
  public let fields: [String]

  /// - Throws: `HintedError` for a brace without its other, or a template without a field.
  public init(_ source: String) throws {
    self.source = source
    guard source.contains("{") || source.contains("}") else {
      pieces = [.field(0)]
      fields = [source]
      return
    }
    var (pieces, fields, rest) = ([Piece](), [String](), Substring(source))
    while let open = rest.firstIndex(of: "{") {
      let after = rest[rest.index(after: open)...]
      guard let close = after.firstIndex(of: "}"), close > after.startIndex else {
        throw HintedError("in '\(source)' a '{' has no name and '}' behind it", status: .usage)
      }
      let name = String(after[..<close])
      if open > rest.startIndex { pieces.append(.literal(Self.unescaped(rest[..<open]))) }
      if !fields.contains(name) { fields.append(name) }
      pieces.append(.field(fields.firstIndex(of: name) ?? 0))
      rest = after[after.index(after: close)...]
    }
    guard !fields.isEmpty else {
      throw HintedError("'\(source)' names no field", hint: "such as {query}", status: .usage)
    }
    if !rest.isEmpty { pieces.append(.literal(Self.unescaped(rest))) }
    (self.pieces, self.fields) = (pieces, fields)
  }

  /// A shell passes `\n` on as two characters.
  private static func unescaped(_ text: Substring) -> [UInt8] {
    Array(text.replacing("\\n", with: "\n").replacing("\\t", with: "\t").utf8)
  }
}
