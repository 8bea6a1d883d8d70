import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

/// What a recipe says of its answers.
@Suite("Answers in recipes")
struct RecipeAnswersTests {
  private func recipe(_ lines: String) throws -> RecipeFile.Loaded {
    try withFolder { folder in
      let schema = #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#
      try AtomicFile.write(schema, to: "\(folder)/answer.json")
      try AtomicFile.write(
        """
        schema: alambic.recipe/1
        name: answers
        description: A test.
        teacher: t
        prompting:
          templates: [Say it.]
        \(lines.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
        shipping: {license: CC0-1.0}
        """, to: "\(folder)/recipe.yaml")
      let loaded = try RecipeFile.read("\(folder)/recipe.yaml")
      #expect(try CanonicalJSON.decode(Recipe.self, from: CanonicalJSON.encode(loaded.recipe)) == loaded.recipe)
      return loaded
    }
  }

  @Test("a schema, its text and the repairs are read")
  func json() throws {
    let loaded = try recipe("count: 4\njson: {schema: answer.json, text: \"say {a}\", repairs: 5}")
    #expect(loaded.format?.repairs == 5 && loaded.format?.text(of: #"{"a":"x"}"#) == "say x")
    let format = try #require(loaded.format)
    #expect(try CanonicalJSON.decode(AnswerFormat.self, from: CanonicalJSON.encode(format)) == format)
    #expect(try recipe("count: 4\njson: {schema: answer.json, text: \"{a}\"}").format?.repairs == 2)
    #expect(try recipe("count: 4").format == nil)
  }

  @Test("answers come n at a time; one is what there is without a word")
  func several() throws {
    #expect(try recipe("count: 8\nsampling: {n: 4}").recipe.prompting?.sampling.n == 4)
    #expect(try recipe("count: 3\nsampling: {n: 1}").recipe.prompting?.sampling.n == nil)
    #expect(try recipe("target: 9 documents\nsampling: {n: 4}").recipe.prompting?.count == 12)
  }

  @Test(
    "what cannot be followed is refused",
    arguments: [
      "count: 9\nsampling: {n: 4}", "count: 9\nsampling: {n: 0}", "count: 9\njson: {schema: answer.json}",
      "count: 9\njson: {text: \"{a}\"}", "count: 9\njson: {schema: ../answer.json, text: \"{a}\"}",
      "count: 9\njson: {schema: answer.json, text: \"{b}\"}", "count: 9\njson: {schema: answer.json, text: \"{a\"}",
      "count: 9\njson: {schema: other.json, text: \"{a}\"}",
      "count: 9\njson: {schema: answer.json, text: \"{a}\", repairs: 11}",
    ])
  func refused(lines: String) {
    #expect(throws: HintedError.self) { try recipe(lines) }
  }
}
