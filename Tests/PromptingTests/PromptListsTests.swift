import Basics
import Lineage
import Prompting
import Testing

/// Weights, and lists that depend on others.
@Suite("Weighted and dependent lists")
struct PromptListsTests {
  private func prompts(_ templates: [String], _ lists: [String: PromptList], count: Int, seed: UInt64 = 7) throws
    -> [Prompt]
  {
    let recipe = Recipe(
      name: "test", description: "test", seed: seed, teacher: "t",
      prompting: Recipe.Prompting(templates: try templates.map(PromptTemplate.init), count: count),
      shipping: Recipe.Shipping(license: "CC0-1.0"))
    return try PromptExpander(recipe: recipe, lists: lists, teachers: [PromptTeacher(name: "t")]).prompts()
  }

  private func plain(_ words: String...) -> PromptList { PromptList(words.map { PromptWord($0) }) }

  private let tone = PromptList([PromptWord("calm", weight: 1500), PromptWord("angry", weight: 500)])
  private let device = PromptList(
    [PromptWord("lamp")], parent: "room",
    wordsByParent: ["kitchen": [PromptWord("oven"), PromptWord("kettle", weight: 2000)], "attic": [PromptWord("fan")]])

  @Test("plain lists, weighted or not alike, give the prompts that they always gave")
  func identities() throws {
    let lists = ["room": plain("kitchen", "attic", "hall"), "tone": plain("calm", "angry")]
    let templates = ["Is the {room} {tone}?", "{tone}: {room}, {room}"]
    let before = try prompts(templates, lists, count: 40)
    #expect(
      try ContentID(ofCanonical: before.map(\.id)).description
        == "sha256:d151114c699827b6d431eb7e70a8ac3eb987d767ae4ca587c601aee9843dd2ed")
    let alike = lists.mapValues { PromptList($0.words.map { PromptWord($0.text, weight: 250) }) }
    #expect(try prompts(templates, alike, count: 40) == before)
  }

  @Test("a weight is exact in every round, and equal prompts differ in their seed")
  func weights() throws {
    let lists = ["tone": tone, "room": plain("kitchen", "attic", "hall")]
    let all = try prompts(["{tone} in the {room}"], lists, count: 36)
    for round in 0..<3 {
      let part = all[(12 * round)..<(12 * round + 12)]
      let counts = Dictionary(grouping: part, by: \.messages[0].content).mapValues(\.count)
      for room in ["kitchen", "attic", "hall"] {
        #expect(counts["calm in the \(room)"] == 3 && counts["angry in the \(room)"] == 1)
      }
    }
    #expect(Set(all.map(\.id)).count == 36)
  }

  @Test("a list takes what goes with the other's word, and each way comes once a round")
  func dependence() throws {
    let lists = ["room": plain("kitchen", "attic", "hall"), "device": device, "tone": plain("calm", "angry")]
    let all = try prompts(["The {device} in the {room} is {tone}"], lists, count: 10)
    let counts = Dictionary(grouping: all, by: \.messages[0].content).mapValues(\.count)
    var expected: [String: Int] = [:]
    for tone in ["calm", "angry"] {
      for (device, room, count) in [
        ("oven", "kitchen", 1), ("kettle", "kitchen", 2), ("fan", "attic", 1), ("lamp", "hall", 1),
      ] {
        expected["The \(device) in the \(room) is \(tone)"] = count
      }
    }
    #expect(counts == expected)
    #expect(all.allSatisfy { $0.labels["device"] != nil && $0.labels["room"] != nil })
    #expect(Set(all.map(\.id)).count == 10)
  }

  @Test("lists may depend on each other in a row")
  func chain() throws {
    let lists = [
      "room": plain("kitchen", "attic"), "device": device,
      "state": PromptList(
        [PromptWord("on")], parent: "device", wordsByParent: ["fan": [PromptWord("fast"), PromptWord("slow")]]),
    ]
    let all = try prompts(["{state} {device} {room}"], lists, count: 5)
    #expect(
      all.map(\.messages[0].content).sorted()
        == ["fast fan attic", "on kettle kitchen", "on kettle kitchen", "on oven kitchen", "slow fan attic"])
  }

  @Test("random lists: the same seed gives the same, each round has each way as often as its weights say")
  func randomLists() throws {
    var random = SeededGenerator(seed: 11)
    for seed in 0..<30 {
      func words(_ letter: String) -> [PromptWord] {
        (0..<(1 + random.below(4))).map { PromptWord("\(letter)\($0)", weight: 500 * (1 + random.below(3))) }
      }
      let (parents, other) = (words("p"), words("o"))
      let byParent = Dictionary(uniqueKeysWithValues: parents.map { ($0.text, words("c")) })
      let lists = [
        "p": PromptList(parents), "o": PromptList(other),
        "c": PromptList([], parent: "p", wordsByParent: byParent),
      ]
      func copies(_ words: [PromptWord]) -> [String: Int] {
        let weights = words.map { $0.weight / 500 }
        let divisor = (1...3).last { divisor in weights.allSatisfy { $0.isMultiple(of: divisor) } } ?? 1
        return Dictionary(uniqueKeysWithValues: zip(words.map(\.text), weights.map { $0 / divisor }))
      }
      var expected: [String: Int] = [:]
      for (parent, parentCount) in copies(parents) {
        for (child, childCount) in copies(byParent[parent] ?? []) {
          for (word, count) in copies(other) {
            expected["\(parent) \(child) \(word)"] = parentCount * childCount * count
          }
        }
      }
      let count = expected.values.reduce(0, +)
      let all = try prompts(["{p} {c} {o}"], lists, count: 2 * count, seed: UInt64(seed))
      for part in [all[..<count], all[count...]] {
        #expect(Dictionary(grouping: part, by: \.messages[0].content).mapValues(\.count) == expected)
      }
      #expect(Set(all.map(\.id)).count == 2 * count)
      #expect(try prompts(["{p} {c} {o}"], lists, count: 2 * count, seed: UInt64(seed)) == all)
    }
  }

  @Test("a word without words of its own is an error")
  func missing() {
    let lists = [
      "room": plain("kitchen", "hall"),
      "device": PromptList([], parent: "room", wordsByParent: ["hall": [PromptWord("lamp")]]),
    ]
    let error = #expect(throws: HintedError.self) { try prompts(["{device} {room}"], lists, count: 1) }
    #expect(error?.message.contains("the list 'device' has no words for 'kitchen'") == true)
  }
}
