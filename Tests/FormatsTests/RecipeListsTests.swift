import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

/// Weights and dependence, as recipes write them.
@Suite("Lists of a recipe")
struct RecipeListsTests {
  private func lists(_ lists: String, template: String = "{room}") throws -> [String: PromptList] {
    try withFolder { folder in
      try AtomicFile.write("fan\nheater\n", to: "\(folder)/words/attic.txt")
      try AtomicFile.write(
        "fan\t0.25\n# a comment\t2\n  a big heater \t 3 \nlamp\t\n", to: "\(folder)/words/weights.txt")
      try AtomicFile.write("fan\tslow\n", to: "\(folder)/words/unweighted.txt")
      try AtomicFile.write("fan\t1\nfan\t2\n", to: "\(folder)/words/twice.txt")
      try AtomicFile.write("A passage.", to: "\(folder)/a.txt")
      try AtomicFile.write(
        """
        schema: alambic.recipe/1
        name: rooms
        description: A test.
        teacher: t
        prompting:
          templates: ["\(template)"]
          count: 1
          lists:
        \(lists.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
        shipping: {license: CC0-1.0}
        """, to: "\(folder)/recipe.yaml")
      let loaded = try RecipeFile.read("\(folder)/recipe.yaml")
      #expect(try CanonicalJSON.decode(Recipe.self, from: CanonicalJSON.encode(loaded.recipe)) == loaded.recipe)
      return loaded.lists
    }
  }

  @Test("a word file has weights behind its tabs")
  func weightsInFiles() throws {
    let found = try lists("room: words/weights.txt")
    #expect(
      found["room"]
        == PromptList([
          PromptWord("fan", weight: 250), PromptWord("a big heater", weight: 3000), PromptWord("lamp"),
        ]))
    for file in ["unweighted", "twice"] {
      #expect(throws: HintedError.self) { try lists("room: words/\(file).txt") }
    }
  }

  @Test("weights and dependent words are read")
  func whole() throws {
    let found = try lists(
      """
      room: [kitchen, attic, 12: 0.25]
      tone:
        - calm
        - "angry: very": 1.5
      device:
        by: room
        words:
          kitchen: [oven, kettle: 2]
          attic: words/attic.txt
        otherwise: [lamp]
      """, template: "{room} {tone} {device}")
    #expect(
      found == [
        "room": PromptList([PromptWord("kitchen"), PromptWord("attic"), PromptWord("12", weight: 250)]),
        "tone": PromptList([PromptWord("calm"), PromptWord("angry: very", weight: 1500)]),
        "device": PromptList(
          [PromptWord("lamp")], parent: "room",
          wordsByParent: [
            "kitchen": [PromptWord("oven"), PromptWord("kettle", weight: 2000)],
            "attic": [PromptWord("fan"), PromptWord("heater")],
          ]),
      ])
    #expect(found["device"]?.texts == ["fan", "heater", "oven", "kettle", "lamp"])
  }

  @Test(
    "what cannot be followed is named with what was probably meant",
    arguments: [
      ("room: [a, b: 0]", "{room}", "is 0, but should be at least 0.001"),
      ("room: [a, b: much]", "{room}", "should be a number"),
      ("room: [a, {b: 1, c: 2}]", "{room}", "one word and its weight"),
      ("room: [a, a: 2]", "{room}", "holds a word twice"), ("room: [a, b: 1001]", "{room}", "at most 1000"),
      ("room: [a]\ndevice: {by: rom, words: {a: [x]}}", "{room}", "depends on 'rom', but there is no such list"),
      ("room: [a]\ndevice: {by: room, words: {a: [x]}}", "{device}", "uses {device}, which depends on {room}"),
      ("room: [a, b]\ndevice: {by: room, words: {a: [x]}}", "{room} {device}", "has no words for 'b' of 'room'"),
      ("room: [a]\ndevice: {by: room, words: {a: [x], c: [y]}}", "{room} {device}", "has words for 'c', which 'room'"),
      (
        "room: {by: device, words: {a: [x]}}\ndevice: {by: room, words: {x: [a]}}", "{room} {device}",
        "depends on itself"
      ),
      ("room: {by: room, words: {a: [x]}}", "{room}", "depends on itself"),
      ("p: {passages: a.txt}\nroom: {by: p, otherwise: [x], words: {a: [x]}}", "{p} {room}", "are pieces of a file"),
      ("room: [a]\nd: {by: room, words: {a: {passages: a.txt}}}", "{room}", "should be a list"),
      ("room: [a]\nd: {by: room, word: {a: [x]}}", "{room}", "is not a known key"),
      ("room: {parent: x}", "{room}", "is neither words nor a file of them"),
    ])
  func refusals(text: String, template: String, said: String) {
    let error = #expect(throws: HintedError.self) { try lists(text, template: template) }
    #expect(error?.message.contains(said) == true, "\(String(describing: error))")
  }
}
