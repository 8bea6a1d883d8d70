import Basics
import Intake

/// A text that a student is asked, judged or compared by, and that training must not hold.
public struct ReferenceText: Hashable, Codable, Sendable {
  /// Where it stands: a file and a line, or a key of the recipe.
  public var origin: String
  public var text: String

  public init(origin: String, text: String) {
    self.origin = origin
    self.text = text
  }
}

extension ReferenceText {
  /// The texts of a file. What gives no text is left out: nobody can be asked it.
  /// - Parameters:
  ///   - separator: of plain texts.
  ///   - name: what the file is called in origins.
  /// - Throws: `HintedError` for a file that cannot be read, and one that holds no text.
  public static func read(
    _ path: String, separator: TextSeparator, template: TextTemplate, named name: String? = nil
  ) throws -> [ReferenceText] {
    let file = try InputFile(path, format: nil, separator: separator, template: template)
    var (texts, line) = ([ReferenceText](), 1)
    while let block = try file.next() {
      let parsed = file.parser.parse(block)
      for record in parsed.records where record.fault == nil {
        let text = String(decoding: parsed.arena[record.text], as: UTF8.self)
        texts.append(ReferenceText(origin: "\(name ?? path):\(line + record.line)", text: text))
      }
      line += parsed.lineCount
    }
    guard !texts.isEmpty else {
      throw HintedError(
        "\(path) holds no text to compare with", hint: "name its field", status: .badData)
    }
    return texts
  }
}
