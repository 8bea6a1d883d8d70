import Basics
import Formats
import Lineage
import Testing

@Suite("a sweep's file")
struct SweepFileTests {
  private static let least = """
    schema: alambic.sweep/1
    name: sizes
    data: stories.txt
    shapes: [atome-21kb, "gpt:int8"]
    steps: 300
    """

  private static func read(_ more: String) throws -> SweepFile {
    try SweepFile(parsing: "\(least)\n\(more)", name: "/a/b/sizes.yaml")
  }

  @Test("what is absent has a default, one value is a list of one, and paths are from the file's folder")
  func defaults() throws {
    let file = try Self.read("")
    #expect(file.data.map(\.path) == ["/a/b/stories.txt"] && file.data.map(\.name) == ["stories.txt"])
    #expect(file.shapes == ["atome-21kb", "gpt:int8"] && file.steps == [300] && file.seeds == [0])
    #expect(file.recipes == ["default"] && file.rates == [1] && file.windows == [64] && file.batches == [16])
    #expect(file.vocabularies == [.bytes] && file.rungs == nil && file.instructionSet == nil)
    #expect(file.patiences == [nil] && file.evaluationInterval == 500 && file.trainingCount == 2)
  }

  @Test("every key is read")
  func all() throws {
    let file = try SweepFile(
      parsing: """
        schema: alambic.sweep/1
        name: all
        data: [{path: ../x.txt, split: lines}, {path: /d/y.txt, heldOut: z.txt}, {path: s, reply: after-first-line}]
        shapes: gpt-6k
        recipes: [default, adamw]
        rates: [0.5, 1, 2]
        vocabularies: [bytes, learned, {learned: {marks: ["> "], strings: 20}}]
        windows: [32, 64]
        batches: 8
        steps: [1_000, 2000]
        patience: [2, 5]
        evaluateEvery: 100
        seeds: [0, 1]
        instructionSet: avx2
        rungs: {eta: 4, budget: 5_000, among: data}
        """, name: "/a/b/all.yaml")
    #expect(file.data.map(\.path) == ["/a/x.txt", "/d/y.txt", "/a/b/s"])
    #expect(file.data[0].hasLines && file.data[1].heldOut == "/a/b/z.txt" && file.data[2].reply == .afterFirstLine)
    #expect(file.vocabularies == [.bytes, .learned(marks: []), .learned(marks: ["> "], strings: 20)])
    #expect(file.rungs == SweepFile.Rungs(eta: 4, budget: 5000, among: .data) && file.instructionSet == "avx2")
    #expect(file.patiences == [2, 5] && file.evaluationInterval == 100)
    #expect(file.trainingCount == 3 * 2 * 3 * 3 * 2 * 2 * 2 * 2)
  }

  @Test(
    "a mistake is named with its place",
    arguments: [
      ("seed: [1]", "sizes.yaml: seed (line 6) is not a known key", "did you mean 'seeds'?"),
      ("seeds: [1, 1]", "sizes.yaml: seeds.1 (line 6) stands twice", "leave one of them out"),
      ("windows: [1]", "sizes.yaml: windows.0 (line 6) is 1, outside 2…4096", nil),
      ("rates: fast", "sizes.yaml: rates (line 6) should be a number", nil),
      ("rungs: {eta: 3}", "sizes.yaml: rungs (line 6) lacks the key 'budget'", nil),
      ("rungs: {eta: 1, budget: 9}", "sizes.yaml: rungs.eta (line 6) is 1, outside 2…64", nil),
      ("instructionSet: avx", "sizes.yaml: instructionSet (line 6) cannot be 'avx'", "did you mean 'avx2'?"),
      ("vocabularies: [lerned]", "sizes.yaml: vocabularies.0 (line 6) cannot be 'lerned'", "did you mean 'learned'?"),
      (
        "evaluateEvery: 9", "sizes.yaml: evaluateEvery (line 6) is for a sweep with 'patience'",
        "add 'patience: 3', or leave it out"
      ),
      ("seeds: []", "sizes.yaml: seeds (line 6) is an empty list", nil),
    ])
  func mistakes(line: String, message: String, hint: String?) {
    let error = #expect(throws: HintedError.self) { try Self.read(line) }
    #expect(error?.message == "/a/b/\(message)" && error?.hint == hint, "\(String(describing: error))")
  }

  @Test("data of two minds, and more trainings than anyone means, are refused")
  func limits() throws {
    let both = #expect(throws: HintedError.self) {
      try SweepFile(
        parsing: Self.least.replacing("stories.txt", with: "{path: a, split: lines, heldOut: b}"), name: "x.yaml")
    }
    #expect(both?.message.contains("has both 'heldOut' and 'split: lines'") == true)
    let many = #expect(throws: HintedError.self) {
      try Self.read(
        "seeds: [\((0..<400).map(String.init).joined(separator: ", "))]\n"
          + "batches: [\((1...300).map(String.init).joined(separator: ", "))]")
    }
    #expect(many?.message == "/a/b/sizes.yaml: 240,000 trainings are more than 100,000", "\(String(describing: many))")
  }
}
