import Basics
import Conversation
import Testing

@Suite("A dialogue's lines")
struct DialogueMarksTests {
  @Test(
    "a request is read between its marks, without blanks around it, whatever its bytes",
    arguments: [
      ("how warm is it?", "> how warm is it?\n< "), ("  19 \t\r", "> 19\n< "), ("", "> \n< "), ("> 19", "> > 19\n< "),
    ])
  func prompt(line: String, read: String) throws {
    #expect(try DialogueMarks().prompt(Array(line.utf8)) == Array(read.utf8))
    let marks = DialogueMarks(request: "U:", reply: "A:")
    #expect(try marks.prompt([0xFF, 0x20]) == Array("U:".utf8) + [0xFF, 0x0A] + Array("A:".utf8))
    #expect(throws: HintedError.self) { try marks.prompt(Array("a\nb".utf8)) }
  }

  @Test(
    "a document's request is its first line, where its second is a reply",
    arguments: [
      ("> a > b\n< c\n", "a > b"), ("> a\n< ", "a"), ("> a\n> b\n< c", nil), ("> a", nil), ("a\n< b", nil), ("", nil),
    ])
  func request(document: String, request: String?) {
    #expect(DialogueMarks().request(of: document) == request)
  }

  @Test("settings of a dialogue end an answer with its line or its document, and frame a prompt")
  func settings() throws {
    var settings = TalkSettings(engine: .c, sampling: nil, bytes: 9, stop: true, entropy: false)
    #expect(try settings.request().stops == [0] && settings.prompt([1]) == [1])
    settings.dialogue = DialogueMarks()
    #expect(try settings.request().stops == [10, 0] && settings.prompt([0x61]) == Array("> a\n< ".utf8))
  }
}
