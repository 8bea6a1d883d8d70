import Basics
import Lineage
import Networks
import Prompting
import Testing

@Suite("Expanding a recipe into prompts")
struct PromptExpanderTests {
  private let lists = [
    "room": ["kitchen", "attic", "hall"], "degrees": (15...24).map(String.init), "tone": ["calm"],
  ].mapValues { PromptList($0.map { PromptWord($0) }) }

  private func recipe(_ templates: [String], count: Int, seed: UInt64 = 7, system: String? = nil) throws -> Recipe {
    Recipe(
      name: "thermostat", description: "test", seed: seed, teacher: "t",
      prompting: Recipe.Prompting(
        system: system, templates: try templates.map(PromptTemplate.init),
        lists: ["room": .inline(["unused here"])], count: count, sampling: Recipe.Sampling(temperature: 0.5)),
      shipping: Recipe.Shipping(license: "CC0-1.0"))
  }

  private func prompts(_ templates: [String], count: Int, seed: UInt64 = 7) throws -> [Prompt] {
    try PromptExpander(
      recipe: recipe(templates, count: count, seed: seed), lists: lists, teachers: [PromptTeacher(name: "t")]
    ).prompts()
  }

  @Test("the same recipe and seed give the same prompts, another seed gives others")
  func determinism() throws {
    let templates = ["Set the {room} to {degrees}.", "Is the {room} {tone}?"]
    #expect(try prompts(templates, count: 50) == prompts(templates, count: 50))
    #expect(try prompts(templates, count: 50) != prompts(templates, count: 50, seed: 8))
  }

  @Test("no combination repeats before all have come, then each comes again with another seed")
  func exhaustion() throws {
    let all = try prompts(["Set the {room} to {degrees}."], count: 60)
    let texts = all.map(\.messages[0].content)
    #expect(Set(texts[..<30]).count == 30)
    #expect(Set(texts[30...]) == Set(texts[..<30]))
    #expect(Set(all.map(\.id)).count == 60)
  }

  @Test("templates take turns whatever the length of their lists")
  func turns() throws {
    let all = try prompts(["Warm the {room} to {degrees}", "Is the {room} warm?"], count: 20)
    let counts = Dictionary(grouping: all, by: { $0.labels[PromptLabel.template] ?? "" }).mapValues(\.count)
    // The second has three combinations only; it waits for the first.
    #expect(counts == ["0": 17, "1": 3])
    #expect(Set(all[..<2].map { $0.labels[PromptLabel.template] }) == ["0", "1"])
  }

  @Test("a larger count only adds prompts")
  func growth() throws {
    let templates = ["{room} {degrees}", "plain", "{tone}: {room}"]
    #expect(try Array(prompts(templates, count: 100)[..<40]) == prompts(templates, count: 40))
  }

  @Test("a new template leaves the prompts of the others, and so their paid answers, as they are")
  func editedRecipe() throws {
    let before = try prompts(["{room} {degrees}"], count: 20).map(\.id)
    let after = try prompts(["new {tone}", "{room} {degrees}"], count: 21).map(\.id)
    #expect(Set(before).isSubset(of: after))
  }

  @Test("labels, messages, sampling and order are recorded")
  func contents() throws {
    let expander = try PromptExpander(
      recipe: recipe(["{{{room}}} at {degrees}, {room}?"], count: 5, system: "Be brief."), lists: lists,
      teachers: [PromptTeacher(name: "t", sampling: SamplingSettings(temperature: 1, topP: 0.9, maxTokens: 99))])
    for (index, prompt) in try expander.prompts().enumerated() {
      let room = prompt.labels["room"] ?? ""
      let degrees = prompt.labels["degrees"] ?? ""
      #expect(prompt.index == index)
      #expect(prompt.messages == [Message(.system, "Be brief."), Message(.user, "{\(room)} at \(degrees), \(room)?")])
      #expect(prompt.sampling.temperature == 0.5)
      #expect(prompt.sampling.topP == 0.9)
      #expect(prompt.sampling.maxTokens == 99)
      #expect(prompt.sampling.seed < 1 << 31)
    }
    #expect(expander.combinationCount == 30)
  }

  @Test("a list without words, and a recipe without prompts, are errors")
  func errors() throws {
    #expect(throws: HintedError.self) { try prompts(["{missing}"], count: 1) }
    let fetched = Recipe(name: "n", description: "d", shipping: Recipe.Shipping(license: "x"))
    #expect(throws: HintedError.self) { try PromptExpander(recipe: fetched, lists: [:], teachers: []) }
  }

  @Test("templates with stray braces are refused", arguments: ["{room", "room}", "{}", "{a b}", "{1a}", "{{room}"])
  func templates(text: String) {
    #expect(throws: HintedError.self) { try PromptTemplate(text) }
  }
}
