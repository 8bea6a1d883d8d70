/// The few shapes of HTML that a report is made of. Arguments are HTML already unless a name says text.
enum HTML {
  /// Text as HTML: the five characters with a meaning are spelled out.
  static func escape(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// Text of a model, which may hold anything: a line feed begins a line, other control characters and directions of
  /// writing are shown as their code, so that nothing in it can disturb the page.
  static func visible(_ text: String) -> String {
    var shown = ""
    for character in text.unicodeScalars {
      switch character.properties.generalCategory {
      case .control where character == "\n": shown += "<br>"
      case .control, .format: shown += "\\u{\(String(character.value, radix: 16))}"
      default: shown += escape(String(character))
      }
    }
    return shown
  }

  static func section(_ titleText: String, _ content: String) -> String {
    "<section>\n<h2>\(escape(titleText))</h2>\n\(content)\n</section>"
  }

  static func row(_ cells: [String]) -> String {
    "<tr>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>"
  }

  static func table(_ headings: [String], _ rows: [String]) -> String {
    let head = headings.map { "<th>\(escape($0))</th>" }.joined()
    return """
      <div class="wide"><table>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }
}
