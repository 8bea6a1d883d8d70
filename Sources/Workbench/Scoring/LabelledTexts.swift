import Basics
import Intake

/// Texts with a label each, from a file of JSON lines or a table.
public struct LabelledTexts: Sendable {
  public struct Example: Sendable {
    public var text: String
    public var label: String
  }

  public private(set) var examples: [Example] = []

  /// The labels, in the order of their names.
  public var labels: [String] { Set(examples.map(\.label)).sorted() }

  /// - Parameters:
  ///   - text: the field that holds the text.
  ///   - label: the field that holds the label; nil for texts that have none.
  ///   - columns: names of a table's columns, where its first row is a record.
  /// - Throws: `HintedError` for a file that cannot be read, and for a record without text or label.
  public init(_ path: String, text: String, label: String?, columns: [String]?) throws {
    // A control character that no text holds parts the two.
    let template = label.map { "{\($0)}\u{1F}{\(text)}" } ?? text
    let file = try InputFile(
      path, format: nil, separator: .line, template: try TextTemplate(template), columns: columns)
    var line = 1
    while let block = try file.next() {
      let parsed = file.parser.parse(block)
      for record in parsed.records {
        if let fault = record.fault {
          throw HintedError("\(file.name):\(line + record.line): \(fault.kind), \(fault.detail)")
        }
        let whole = String(decoding: parsed.arena[record.text], as: UTF8.self)
        let parts =
          label == nil
          ? ["", whole[...]]
          : whole.split(separator: "\u{1F}", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty, label == nil || !parts[0].isEmpty else {
          throw HintedError("\(file.name):\(line + record.line): the text or the label is empty")
        }
        examples.append(Example(text: String(parts[1]), label: String(parts[0])))
      }
      line += parsed.lineCount
    }
    guard !examples.isEmpty else { throw HintedError("\(path) holds no text") }
  }

  /// Texts without labels: the lines of a plain file, without what ends them, or records.
  public init(lines path: String, text: String, columns: [String]?) throws {
    let isPlain = !["json", "ndjson", "csv", "tsv"].contains { path.contains(".\($0)") }
    try self.init(path, text: text, label: nil, columns: isPlain ? nil : columns)
    guard isPlain else { return }
    // A line end is a byte of the text to a classifier, and no text that it learned from has one.
    for index in examples.indices {
      while examples[index].text.last?.isNewline == true { examples[index].text.removeLast() }
    }
    examples.removeAll { $0.text.isEmpty }
    guard !examples.isEmpty else { throw HintedError("\(path) holds no text") }
  }
}
