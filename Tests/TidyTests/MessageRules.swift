import Foundation

/// Messages that a page quotes are messages that a program prints.
enum MessageRules {
  /// How far apart two parts of a message may stand in a source, whatever stands between them.
  private static let largestGap = 160

  /// Findings for quoted messages, ``- **`message`**`` with … for what differs, that no source holds.
  static func unsaid(in page: RepositoryFile, by sources: [RepositoryFile]) -> [Finding] {
    let texts = sources.map(joined)
    return quoted(in: page).compactMap { line, message in
      let parts = parts(of: message)
      guard parts.isEmpty || !texts.contains(where: { holds($0, parts) }) else { return nil }
      return Finding(page, line: line, "no source says '\(message)'")
    }
  }

  /// "is no number" is not how people write English: "is not a number".
  static func idiom(in file: RepositoryFile) -> [Finding] {
    guard file.isSwift, file.path.hasPrefix("Sources/") else { return [] }
    return file.lines.compactMap { line in
      guard line.text.contains(" no "), !line.text.drop(while: { $0 == " " }).hasPrefix("//") else { return nil }
      guard let match = line.text.firstMatch(of: #/"(?:[^"]*?(\w+)[^\w"]+)?(?:is|are) no (\w+)/#) else { return nil }
      let isProper = match.1?.lowercased() == "there" || ["longer", "larger"].contains(match.2)
      return isProper ? nil : Finding(file, line: line.number, "'is no \(match.2)': write 'is not a \(match.2)'")
    }
  }

  static func quoted(in page: RepositoryFile) -> [(line: Int, message: String)] {
    page.lines.compactMap { line in
      line.text.prefixMatch(of: #/- \*\*`(.+?)`\*\*/#).map { (line.number, String($0.1)) }
    }
  }

  /// What of a message is the same each time.
  private static func parts(of message: String) -> [String] {
    message.split(separator: "…").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " ',:")) }
      .filter { !$0.isEmpty }
  }

  /// A source with texts in one piece that it breaks over lines, and with quotes as they are printed.
  private static func joined(_ source: RepositoryFile) -> String {
    source.text.replacing(#/"\s*\+\s*"/#, with: "").replacingOccurrences(of: "\\\"", with: "\"")
  }

  /// Whether the parts stand in a text in their order, near each other.
  private static func holds(_ text: String, _ parts: [String]) -> Bool {
    var searched = text.startIndex
    while let first = text.range(of: parts[0], options: .literal, range: searched..<text.endIndex) {
      var end: String.Index? = first.upperBound
      for part in parts.dropFirst() {
        guard let from = end else { break }
        let limit = text.index(from, offsetBy: largestGap + part.count, limitedBy: text.endIndex) ?? text.endIndex
        end = text.range(of: part, options: .literal, range: from..<limit)?.upperBound
      }
      if end != nil { return true }
      searched = first.upperBound
    }
    return false
  }
}
