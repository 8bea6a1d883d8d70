import Basics
import Foundation
import Testing

@Suite("JSON as servers send it")
struct LenientJSONTests {
  private func read(_ text: String) throws -> JSONValue { try LenientJSON(Array(text.utf8)).value }

  @Test(
    "what is JSON reads as Foundation reads it",
    arguments: [
      "null", "true", "[]", "{}", "[1,2.5,-3e2,\"a\"]", #"{"a":{"b":[{"c":"d"},null]},"e":false}"#,
      #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é😀""#, " \n\t[ 1 , 2 ] \r\n",
    ])
  func agrees(text: String) throws {
    let ours = try JSONSerialization.jsonObject(
      with: JSONEncoder().encode(read(text)), options: .fragmentsAllowed)
    let theirs = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    #expect(NSDictionary(dictionary: ["x": ours]) == NSDictionary(dictionary: ["x": theirs]))
  }

  @Test(
    "what is none is refused",
    arguments: [
      "", " ", "{", "[1,", "[1 2]", #"{"a"}"#, #"{"a":}"#, "{1:2}", #""abc"#, #""\x""#, #""\u12""#, "nul", "[1]]",
      "{}{}",
      "+", "e5", "<html>", "[,]", String(repeating: "[", count: 100_000),
      #"{"a":"# + String(repeating: "[", count: 500),
    ])
  func refuses(text: String) {
    #expect(throws: LenientJSON.Failure.self) { try read(text) }
  }

  @Test("every beginning of a text is refused")
  func truncated() throws {
    let text = Array(#"{"a":[1,"b\u00e9",{"c":null}],"d":true}"#.utf8)
    _ = try LenientJSON(text)
    for count in 0..<text.count { #expect(throws: LenientJSON.Failure.self) { try LenientJSON(Array(text[..<count])) } }
  }

  @Test("numbers that are none and halves of surrogate pairs do not spoil the rest")
  func lenient() throws {
    let found = try LenientJSON(Array(#"{"a":NaN,"b":-Infinity,"c":1e999,"d":"x\ud800y\udc00\ud800\u0041"}"#.utf8))
    #expect(found.repairCount == 3)
    #expect(found.value["d"]?.text == "x\u{FFFD}y\u{FFFD}\u{FFFD}A")
    #expect(found.value["a"]?.count() == nil && found.value["b"]?.count() == nil && found.value["c"]?.count() == nil)
  }

  @Test("invalid UTF-8 is refused, a byte order mark is passed over")
  func bytes() throws {
    #expect(throws: LenientJSON.Failure.self) { try LenientJSON([0x22, 0xFF, 0x22]) }
    #expect(try LenientJSON([0xEF, 0xBB, 0xBF, 0x31]).value == .number("1"))
  }

  @Test("counts are whole, not negative and bounded")
  func counts() throws {
    for (text, count) in [("5", 5), ("7.5", 8), ("\"12\"", 12), ("1e30", 1_000_000_000), ("0", 0)] {
      #expect(try read(text).count() == count)
    }
    for text in ["-1", "\"x\"", "null", "[]", "true"] { #expect(try read(text).count() == nil) }
  }

  @Test("objects merge member by member, all else is replaced")
  func merge() throws {
    let merged = try read(#"{"a":{"b":1,"c":[1]},"d":2}"#).merged(with: read(#"{"a":{"c":[2],"e":3},"d":{"f":4}}"#))
    #expect(try merged == read(#"{"a":{"b":1,"c":[2],"e":3},"d":{"f":4}}"#))
  }
}
