import Basics
import Testing

@Suite("JSON schema")
struct JSONSchemaTests {
  private func schema(_ text: String) throws -> JSONSchema { try JSONSchema(LenientJSON(Array(text.utf8)).value) }

  private func faults(_ schema: String, _ value: String) throws -> [String] {
    try self.schema(schema).faults(of: LenientJSON(Array(value.utf8)).value)
  }

  @Test(
    "each keyword takes what it should and nothing else",
    arguments: [
      (#"{"type":"string"}"#, #""a""#, "1"), (#"{"type":"integer"}"#, "2.0", "2.5"),
      (#"{"type":"number"}"#, "2.5", "NaN"),
      (#"{"type":"boolean"}"#, "false", "0"), (#"{"type":"null"}"#, "null", "false"),
      (#"{"type":["string","null"]}"#, "null", "{}"),
      (#"{"type":"array","items":{"type":"integer"}}"#, "[1,2]", "[1,null]"),
      (#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#, #"{"a":"","b":1}"#, #"{"b":1}"#),
      (#"{"type":"object","properties":{"a":{}},"additionalProperties":false}"#, #"{"a":1}"#, #"{"a":1,"b":1}"#),
      (#"{"enum":["on","off",1]}"#, "1.0", #""On""#), (#"{"minimum":0,"maximum":9.5}"#, "9.5", "9.6"),
      (#"{"minimum":0}"#, "0", "-0.1"), (#"{"minLength":2,"maxLength":2}"#, #""é😀""#, #""abc""#),
      (#"{"minItems":1,"maxItems":2}"#, "[1]", "[]"), (#"{"pattern":"^[a-z]+\\?$"}"#, #""why?""#, #""Why?""#),
      (
        #"{"type":"array","items":{"type":"object","properties":{"n":{"maximum":3}}}}"#, #"[{"n":3},{}]"#,
        #"[{},{"n":4}]"#
      ),
    ])
  func keywords(schema: String, good: String, bad: String) throws {
    #expect(try faults(schema, good) == [])
    #expect(try faults(schema, bad).count == 1)
  }

  @Test("what is wrong is said with its place")
  func words() throws {
    let text = #"{"type":"object","properties":{"l":{"type":"array","items":{"type":"string"}}},"required":["l","m"]}"#
    #expect(throws: HintedError.self) { try self.schema(text) }
    let schema =
      #"{"type":"object","properties":{"l":{"type":"array","items":{"type":"string"}},"m":{}},"required":["m"]}"#
    #expect(
      try faults(schema, #"{"l":["a",2]}"#) == ["the answer lacks 'm'", "the answer.l[1] should be a string"])
    #expect(
      try faults(#"{"items":{"type":"string"}}"#, "[\(Array(repeating: "1", count: 50).joined(separator: ","))]").count
        == 10)
  }

  @Test(
    "a schema that this reader would only half check is refused",
    arguments: [
      #"{"oneOf":[{}]}"#, #"{"$ref":"a"}"#, #"{"type":"text"}"#, #"{"type":[]}"#, #"{"required":"a"}"#,
      #"{"properties":{"a":{"format":"date"}}}"#, #"{"pattern":"("}"#, #"{"minItems":-1}"#,
      #"{"minItems":3,"maxItems":2}"#,
      #"{"additionalProperties":{"type":"string"}}"#, #"{"enum":[]}"#, #"{"required":["a"]}"#, "[]", #"{"items":[{}]}"#,
      #"{"maximum":"9"}"#,
    ])
  func refused(text: String) {
    #expect(throws: HintedError.self) { try schema(text) }
  }

  @Test("a schema that nests without end is refused, and does not end the process")
  func deep() {
    let depth = 60
    let text = String(repeating: #"{"items":"#, count: depth) + "{}" + String(repeating: "}", count: depth)
    #expect(throws: HintedError.self) { try schema(text) }
  }

  @Test("strict is what is closed everywhere")
  func strict() throws {
    let open = #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#
    let closed =
      #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"#
    #expect(try !schema(open).isStrict && schema(closed).isStrict)
    #expect(try !schema(#"{"type":"array","items":\#(open)}"#).isStrict)
  }
}
