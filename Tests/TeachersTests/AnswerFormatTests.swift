import Basics
import Lineage
import Testing

@Suite("Answers in JSON")
struct AnswerFormatTests {
  static let exchange =
    #"{"type":"object","properties":{"request":{"type":"string"},"reply":{"type":"string"},"#
    + #""degrees":{"type":"number"}},"#
    + #""required":["request","reply"]}"#

  private func format(_ schema: String, _ text: String = "> {request}\n< {reply}", items: String? = nil) throws
    -> AnswerFormat
  {
    try AnswerFormat(
      schema: JSONSchema(LenientJSON(Array(schema.utf8)).value), text: PromptTemplate(text), items: items)
  }

  @Test("an object is a document, a list of objects is several, a blank line apart")
  func texts() throws {
    let one = try format(Self.exchange)
    #expect(one.text(of: #"{"request":"Hi","reply":"Yes"}"#) == "> Hi\n< Yes")
    let list = try format(#"{"type":"array","items":\#(Self.exchange)}"#)
    let two = #"[{"request":"a","reply":"b"},{"request":"c","reply":"d"}]"#
    #expect(list.text(of: two) == "> a\n< b\n\n> c\n< d")
    let below = #"{"type":"object","properties":{"all":{"type":"array","items":\#(Self.exchange)}},"required":["all"]}"#
    #expect(try format(below, items: "all").text(of: #"{"all":\#(two)}"#) == "> a\n< b\n\n> c\n< d")
    #expect(list.text(of: "[]").isEmpty)
  }

  @Test(
    "fences around an answer do not count, what does not fit has no text",
    arguments: ["```json\n", "```\n", "  \n```JSON\n"])
  func fences(fence: String) throws {
    let one = try format(Self.exchange)
    let answer = fence + #"{"request":"Hi","reply":"a ``` b"}"# + "\n```\n"
    #expect(one.fault(of: answer) == nil)
    #expect(one.text(of: answer) == "> Hi\n< a ``` b")
    #expect(one.fault(of: "Sure! {") == "the answer is not JSON")
    #expect(
      one.fault(of: #"{"request":"Hi"}"#) == "the answer lacks 'reply'" && one.text(of: #"{"request":"Hi"}"#).isEmpty)
  }

  @Test("numbers and booleans are what they are in the answer")
  func scalars() throws {
    let schema = #"{"type":"object","properties":{"n":{"type":"number"},"b":{"type":"boolean"}},"required":["n","b"]}"#
    #expect(try format(schema, "{n} {b} {{}}").text(of: #"{"n":1.50,"b":true}"#) == "1.50 true {}")
  }

  @Test(
    "a text that cannot always be made is refused",
    arguments: [
      ("> {degrees}", nil as String?), ("> {other}", nil), ("plain", nil), ("> {request}", "request"),
      ("> {request}", "all"),
    ])
  func refused(text: String, items: String?) {
    #expect(throws: HintedError.self) { try format(Self.exchange, text, items: items) }
  }

  @Test("a schema of no object, or of members that are not text, is refused")
  func kinds() {
    for schema in [#"{"type":"string"}"#, #"{"type":"array"}"#, "{}", #"{"type":["object","null"]}"#] {
      #expect(throws: HintedError.self) { try format(schema) }
    }
    let nested = #"{"type":"object","properties":{"request":{"type":"object"}},"required":["request"]}"#
    #expect(throws: HintedError.self) { try format(nested, "{request}") }
  }
}
