import Conversation
import Serving

/// How the messages of a chat become the text that a model continues. Specified in docs/guides/serving.md.
public enum ChatFraming: Hashable, Sendable {
  /// A line a message behind the mark of who says it, and the mark of a reply at the end: how a student of a dialogue
  /// reads. Its answer is the rest of that line.
  case dialogue(DialogueMarks)
  /// The messages' texts, a blank line between two, whoever says them: for models that continue texts.
  case text

  /// - Throws: `QuestionRefusal` for messages that have no place in it.
  func prompt(of question: ServedQuestion) throws -> String {
    switch (question.prompt, self) {
    case (.text(let text), _): text
    case (.chat(let messages), .text): messages.map(\.content).joined(separator: "\n\n")
    case (.chat(let messages), .dialogue(let marks)): try Self.lines(messages, marks)
    }
  }

  private static func lines(_ messages: [ServedMessage], _ marks: DialogueMarks) throws -> String {
    guard messages.last?.role == "user" else {
      throw QuestionRefusal(
        "the last message is not the user's, so there is nothing to reply to", parameter: "messages")
    }
    return try messages.map { message in
      guard ["user", "assistant"].contains(message.role) else {
        throw QuestionRefusal(
          "this model reads a dialogue, which has no place for a message of the role '\(message.role)'",
          parameter: "messages")
      }
      let line = message.content.trimming { $0.isWhitespace }
      guard !line.contains(where: \.isNewline) else {
        throw QuestionRefusal("this model reads a dialogue of lines; a message has several", parameter: "messages")
      }
      return (message.role == "user" ? marks.request : marks.reply) + line + "\n"
    }.joined() + marks.reply
  }

  /// What ends an answer beside the client's own stops.
  func stops(of question: ServedQuestion) -> [String] {
    guard case .chat = question.prompt, case .dialogue = self else { return [] }
    return ["\n"]
  }
}

extension String {
  fileprivate func trimming(_ isIdle: (Character) -> Bool) -> Substring {
    var rest = self[...]
    while let first = rest.first, isIdle(first) { rest.removeFirst() }
    while let last = rest.last, isIdle(last) { rest.removeLast() }
    return rest
  }
}
