import Basics
import Lineage

/// Makes passages of records: paragraphs that stand side by side are one passage while they fit; what is too long is
/// cut behind a sentence, else at white space, else between characters.
struct PassageCutter {
  let byteCount: Int

  /// Each text once, where it comes first.
  /// - Throws: `HintedError` for a file of headings alone.
  func passages(of file: PassageFile, named name: String) throws -> [PromptWord] {
    var seen: Set<String> = []
    // A rule of dashes, or the point that is left of a cut, says nothing.
    let passages = pieces(of: file).filter { piece in
      piece.text.contains { $0.isLetter || $0.isNumber } && seen.insert(piece.text).inserted
    }
    guard !passages.isEmpty else { throw HintedError("\(name) holds no text below its headings") }
    return passages.map { PromptWord($0.text, label: "\(name):\(Self.shown($0.lines))") }
  }

  static func shown(_ lines: ClosedRange<Int>) -> String {
    lines.count == 1 ? "\(lines.lowerBound)" : "\(lines.lowerBound)-\(lines.upperBound)"
  }

  func pieces(of file: PassageFile) -> [TextRecord] {
    guard file.isProse else { return file.records.flatMap(cut) }
    var pieces: [TextRecord] = []
    var open: TextRecord?
    func close() {
      // A heading without text says nothing.
      if let piece = open, !piece.isHeading { pieces.append(piece) }
      open = nil
    }
    for record in file.records {
      if record.isHeading { close() }
      if let joined = open.flatMap({ joined($0, record) }) {
        open = joined
        continue
      }
      close()
      let parts = cut(record)
      pieces += parts.dropLast().filter { !$0.isHeading }
      open = parts.last
    }
    close()
    return pieces
  }

  /// Nil where both are more than a passage.
  private func joined(_ first: TextRecord, _ second: TextRecord) -> TextRecord? {
    let text = "\(first.text)\n\n\(second.text)"
    guard text.utf8.count <= byteCount else { return nil }
    return TextRecord(text: text, lines: first.lines.lowerBound...second.lines.upperBound)
  }

  private func cut(_ record: TextRecord) -> [TextRecord] {
    guard record.text.utf8.count > byteCount else { return [record] }
    var parts: [TextRecord] = []
    var rest = Substring(record.text)
    var line = record.lines.lowerBound
    // A record of one line may hold line ends that are escaped there.
    let isOneLine = record.lines.count == 1
    while !rest.isEmpty {
      let end = rest.utf8.count <= byteCount ? rest.endIndex : cutPlace(in: rest)
      let part = rest[..<end]
      let lastLine = isOneLine ? line : min(line + part.count { $0 == "\n" }, record.lines.upperBound)
      let text = String(part.reversed().drop(while: \.isWhitespace).reversed())
      let textLast = isOneLine ? line : min(line + text.count { $0 == "\n" }, record.lines.upperBound)
      if !text.isEmpty { parts.append(TextRecord(text: text, lines: line...textLast, isHeading: record.isHeading)) }
      line = lastLine
      rest = rest[end...]
      while let character = rest.first, character.isWhitespace {
        if character == "\n", !isOneLine { line = min(line + 1, record.lines.upperBound) }
        rest.removeFirst()
      }
    }
    return parts
  }

  /// The end of the longest beginning that fits and ends well; behind at least one character.
  private func cutPlace(in text: Substring) -> Substring.Index {
    var place = text.startIndex
    var (sentence, blank): (Substring.Index?, Substring.Index?)
    var used = 0
    while place < text.endIndex {
      let character = text[place]
      let next = text.index(after: place)
      used += character.utf8.count
      if used > byteCount, place > text.startIndex { break }
      if character.isWhitespace { blank = place > text.startIndex ? place : blank }
      if ".!?".contains(character), next < text.endIndex, text[next].isWhitespace { sentence = next }
      place = next
    }
    if place < text.endIndex, text[place].isWhitespace { blank = place }
    // A sentence's end is worth up to half of the passage.
    if let sentence, text[..<sentence].utf8.count * 2 >= byteCount { return sentence }
    return blank ?? sentence ?? place
  }
}
