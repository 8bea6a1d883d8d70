import Basics

/// What an answer says, and what the teacher thought before it: servers put both into one text, into a list of parts,
/// or beside each other.
struct AnswerText: Equatable {
  var text = ""
  var reasoning = ""

  /// - Parameter content: a text, a list of parts, or nil.
  /// - Throws: `MalformedAnswer` for anything else.
  init(content: JSONValue?) throws {
    switch content {
    case nil: break
    case .string(let text): add(text)
    case .array(let parts):
      var text = ""
      for part in parts {
        switch part["type"]?.text {
        case "text", "output_text", nil: text += part["text"]?.text ?? part.text ?? ""
        // Anthropic's thinking, and what others call it.
        default: reasoning += part["thinking"]?.text ?? part["reasoning"]?.text ?? ""
        }
      }
      add(text)
    default: throw MalformedAnswer("the answer's content is neither a text nor a list of parts")
    }
  }

  private static let tags = ["think", "thinking", "thought", "reasoning"]

  /// Splits a text at the end of its thought: `<think>…</think>` at its beginning. A thought that never ends leaves no
  /// text, and one that begins in the prompt's template has only its end here.
  private mutating func add(_ content: String) {
    let beginning = content.drop { $0.isWhitespace }
    // A look at bytes, which spares most answers the search for characters.
    let bytes = content.utf8
    guard beginning.hasPrefix("<") || zip(bytes, bytes.dropFirst()).contains(where: { $0 == (0x3C, 0x2F) }) else {
      text = content
      return
    }
    for tag in Self.tags {
      let (open, close) = ("<\(tag)>", "</\(tag)>")
      let isOpen = beginning.hasPrefix(open)
      let thought = isOpen ? beginning.dropFirst(open.count) : content[...]
      guard let end = thought.firstRange(of: close) else {
        guard isOpen else { continue }
        reasoning += thought
        return
      }
      guard isOpen || !thought[..<end.lowerBound].contains(open) else { continue }
      reasoning += thought[..<end.lowerBound]
      text = String(thought[end.upperBound...].drop { $0.isNewline || $0 == " " })
      return
    }
    text = content
  }
}
