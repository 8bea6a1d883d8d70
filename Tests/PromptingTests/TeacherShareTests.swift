import Basics
import Lineage
import Prompting
import Testing

@Suite("Sharing prompts among teachers")
struct TeacherShareTests {
  private func teachers(_ weights: KeyValuePairs<String, Int>) throws -> [String?] {
    let recipe = Recipe(
      name: "test", description: "test", seed: 5, teacher: "a",
      prompting: Recipe.Prompting(templates: [try PromptTemplate("{number}")], count: 4000),
      shipping: Recipe.Shipping(license: "CC0-1.0"))
    let lists = ["number": PromptList((0..<4000).map { PromptWord(String($0)) })]
    return try PromptExpander(
      recipe: recipe, lists: lists, teachers: weights.map { PromptTeacher(name: $0.key, weight: $0.value) }
    ).prompts().map { $0.labels[PromptLabel.teacher] }
  }

  @Test("shares are as the weights say, within what chance allows")
  func shares() throws {
    let found = try teachers(["a": 3000, "b": 1000, "c": 4000])
    let counts = ["a", "b", "c"].map { name in found.count { $0 == name } }
    // Four standard deviations of a binomial draw.
    for (count, expected) in zip(counts, [1500, 500, 2000]) { #expect(abs(count - expected) < 127, "\(counts)") }
    #expect(counts.reduce(0, +) == 4000)
  }

  @Test("another teacher behind the others takes prompts and moves none between them; one alone has no label")
  func growth() throws {
    let (before, after) = (try teachers(["a": 3000, "b": 1000]), try teachers(["a": 3000, "b": 1000, "c": 500]))
    #expect(zip(before, after).allSatisfy { $0 == $1 || $1 == "c" } && after.contains("c"))
    #expect(try teachers(["a": 3000]).allSatisfy { $0 == nil })
  }
}
