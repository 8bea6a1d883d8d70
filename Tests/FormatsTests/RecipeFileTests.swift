import Basics
import Formats
import Foundation
import Lineage
import Networks
import TestSupport
import Testing

@Suite("Recipes")
struct RecipeFileTests {
  private static let asking = """
    schema: alambic.recipe/1
    name: thermostat
    description: A thermostat that answers.
    seed: 18446744073709551615
    teacher: thermostat
    prompting:
      system: Be brief.
      templates:
        - Set the {room} to {degrees}.
      lists:
        room: words/rooms.txt
        degrees: [18, "19", 20]
      count: 4_000
      sampling: {temperature: 0.8}
    curation: {documentSeparator: whole-answer, minimumByteCount: 8, heldOutFraction: 0.25}
    sharding: {chunkByteCount: 128}
    task: {reply: {mark: "\\n< "}}
    training:
      preset: atome-60k
      steps: 900
      recipe: published
      seed: 3
      windows: anywhere
      promptWeight: 0.5
      repeatLimit: 4
      vocabulary: {learned: {marks: ["> ", "< "]}}
    verification: {promptCount: 4}
    shipping: {license: CC0-1.0}
    """

  @Test("every field is read, and what is left out has its default")
  func whole() throws {
    let recipe = try RecipeFile.parse(Self.asking, name: "recipe.yaml")
    var curation = Recipe.Curation(documentSeparator: .wholeAnswer, minimumByteCount: 8, heldOutFraction: 0.25)
    curation.refuse = [.chatter]
    #expect(
      recipe
        == Recipe(
          name: "thermostat", description: "A thermostat that answers.", seed: .max, teacher: "thermostat",
          prompting: Recipe.Prompting(
            system: "Be brief.", templates: [try PromptTemplate("Set the {room} to {degrees}.")],
            lists: ["room": .file("words/rooms.txt"), "degrees": .inline(["18", "19", "20"])], count: 4000,
            sampling: Recipe.Sampling(temperature: 0.8)),
          curation: curation,
          sharding: Recipe.Sharding(chunkByteCount: 128),
          task: Recipe.Task(reply: .after(mark: "\n< ")),
          training: Recipe.Training(
            steps: 900, windows: .anywhere, promptWeight: 0.5, repeatLimit: 4,
            vocabulary: .learned(marks: ["> ", "< "]), recipe: "published", seed: 3),
          verification: Recipe.Verification(promptCount: 4), shipping: Recipe.Shipping(license: "CC0-1.0")))
    #expect(try CanonicalJSON.decode(Recipe.self, from: CanonicalJSON.encode(recipe)) == recipe)
  }

  @Test("several segmentations are asked for by a probability, and without one there is none")
  func segmentations() throws {
    func parse(_ line: String) throws -> Recipe.Training {
      let text = Self.asking.replacingOccurrences(of: "windows: anywhere", with: line)
      return try RecipeFile.parse(text, name: "recipe.yaml").training
    }
    #expect(try parse("segmentationDropout: 0.125").segmentationDropout == 0.125)
    #expect(try parse("windows: anywhere").segmentationDropout == nil)
    for wrong in ["1.5", "-0.1", "some"] {
      #expect(throws: HintedError.self) { try parse("segmentationDropout: \(wrong)") }
    }
  }

  @Test("a twin's share of the loss is read")
  func twin() throws {
    func parse(_ line: String) throws -> Recipe.Training {
      let text = Self.asking.replacingOccurrences(of: "windows: anywhere", with: line)
      return try RecipeFile.parse(text, name: "recipe.yaml").training
    }
    #expect(try parse("twin: 0.5").twin == 0.5)
    #expect(try parse("patience: 3").patience == 3 && parse("twin: 0.5").patience == nil)
    #expect(try parse("windows: anywhere").twin == nil)
    for wrong in ["1.5", "-0.1", "yes"] { #expect(throws: HintedError.self) { try parse("twin: \(wrong)") } }
  }

  @Test("noise in requests is read")
  func noise() throws {
    let text = Self.asking.replacingOccurrences(
      of: "windows: anywhere", with: "noise: {typo: 0.25, unpunctuated: 0.1, capitalized: 0, upper: 1}")
    #expect(
      try RecipeFile.parse(text, name: "recipe.yaml").training.noise
        == TypingNoise(typo: 0.25, unpunctuated: 0.1, upper: 1))
  }

  @Test("a fetched corpus needs no teacher")
  func fetched() throws {
    let digits = String(repeating: "ab", count: 32)
    let recipe = try RecipeFile.parse(
      """
      schema: alambic.recipe/1
      name: tinystories
      description: Stories.
      source: {url: "https://example.org/a.txt", sha256: \(digits), separator: <|endoftext|>}
      shipping: {license: CDLA-Sharing-1.0}
      """, name: "recipe.yaml")
    #expect(recipe.source?.sha256?.hex == digits)
    #expect(recipe.source?.separator == "<|endoftext|>")
  }

  /// What to replace in the recipe above, by what, and what the error must say.
  struct Mistake: Sendable, CustomTestStringConvertible {
    var old: String
    var new: String
    var expected: [String]
    var testDescription: String { new }

    init(_ old: String, _ new: String, _ expected: String...) {
      self.old = old
      self.new = new
      self.expected = expected
    }
  }

  @Test(
    "mistakes are named with key, line and a suggestion",
    arguments: [
      Mistake(
        "heldOutFraction: 0.25", "heldoutFraction: 0.25", "curation.heldoutFraction", "line 15", "heldOutFraction"),
      Mistake("steps: 900", "steps: many", "training.steps", "whole number"),
      Mistake("steps: 900", "steps: 0", "training.steps", "1…"),
      Mistake("steps: 900", "steps: \"900\"", "training.steps", "whole number"),
      Mistake("steps: 900", "steps: 99999999999999999999", "training.steps"),
      Mistake("steps: 900", "window: 4097", "training.window", "2…4096"),
      Mistake("steps: 900", "window: 1", "training.window", "2…4096"),
      Mistake("promptWeight: 0.5", "promptWeight: 1.5", "training.promptWeight", "at most 1"),
      Mistake("repeatLimit: 4", "repeatLimit: 0", "training.repeatLimit", "1…"),
      Mistake("task: {reply: {mark: \"\\n< \"}}\ntraining:", "training:\n  noise: {upper: 1}", "task.reply"),
      Mistake("windows: anywhere", "noise: {typo: 1.5}", "training.noise.typo", "at most 1"),
      Mistake("windows: anywhere", "noise: {type: 0.5}", "training.noise.type", "did you mean 'typo'"),
      Mistake("repeatLimit: 4", "noise: {typo: 0.5}", "training.noise", "windows: documents"),
      Mistake("windows: anywhere", "windows: document", "training.windows", "did you mean 'documents'"),
      Mistake("{learned: {marks: [\"> \", \"< \"]}}", "byte", "training.vocabulary", "did you mean 'bytes'"),
      Mistake("marks:", "mark:", "training.vocabulary.learned.mark", "did you mean 'marks'"),
      Mistake("{mark: \"\\n< \"}", "after-first", "task.reply", "after-first-line"),
      Mistake("{mark:", "{marks:", "task.reply", "did you mean 'mark'"),
      Mistake("preset: atome-60k", "preset: atome-60", "training.preset", "did you mean 'atome-60k'"),
      Mistake("whole-answer", "blank-lines", "documentSeparator", "did you mean 'blank-line'"),
      Mistake("heldOutFraction: 0.25", "heldOutFraction: 0", "heldOutFraction", "nothing to measure"),
      Mistake("heldOutFraction: 0.25", "heldOutFraction: 1", "heldOutFraction", "below 1"),
      Mistake("heldOutFraction: 0.25", "heldOutFraction: 0.91", "heldOutFraction", "0.9 is the most"),
      Mistake("heldOutFraction: 0.25", "heldOutFraction: nan", "heldOutFraction", "number"),
      Mistake("chunkByteCount: 128", "chunkByteCount: 100", "frameByteCount", "multiple"),
      Mistake("to {degrees}", "to {degree}", "prompting.templates.0", "did you mean {degrees}"),
      Mistake("to {degrees}", "to {degrees", "prompting.templates.0", "without a '}'"),
      Mistake("[18, \"19\", 20]", "[18, 18]", "prompting.lists.degrees", "twice"),
      Mistake("[18, \"19\", 20]", "[]", "prompting.lists.degrees", "empty"),
      Mistake("[18, \"19\", 20]", "[[18]]", "prompting.lists.degrees.0", "text"),
      Mistake("words/rooms.txt", "../rooms.txt", "prompting.lists.room", "outside"),
      Mistake("words/rooms.txt", "/etc/passwd", "prompting.lists.room", "outside"),
      Mistake("count: 4_000", "count: 0", "prompting.count"),
      Mistake("seed: 18446744073709551615", "seed: -1", "seed"),
      Mistake("name: thermostat", "name: ../thermostat", "name"),
      Mistake("teacher: thermostat", "# none", "teacher"),
      Mistake("teacher: thermostat", "teacher: a\nteacher: b", "twice"),
      Mistake("alambic.recipe/1", "alambic.recipe/2", "schema", "alambic.recipe/1"),
      Mistake("shipping: {license: CC0-1.0}", "shiping: {license: CC0-1.0}", "shiping", "did you mean 'shipping'"),
      Mistake("shipping: {license: CC0-1.0}", "shipping: {}", "shipping", "license"),
      Mistake("shipping: {license: CC0-1.0}", "shipping: [", "line"),
      Mistake("sharding: {chunkByteCount: 128}", "sharding: 128", "sharding"),
      Mistake(
        "{promptCount: 4}", "{promptCount: 65536, byteCount: 65536}", "verification", "more than a transcript holds"),
      Mistake("minimumByteCount: 8", "maximumByteCount: 2097153", "maximumByteCount", "outside 1…2097152"),
      Mistake("Be brief.", "\"\\0\"", "prompting.system", "NUL"),
    ])
  func mistakes(_ mistake: Mistake) throws {
    #expect(Self.asking.contains(mistake.old))
    let text = Self.asking.replacingOccurrences(of: mistake.old, with: mistake.new)
    do {
      _ = try RecipeFile.parse(text, name: "recipe.yaml")
      Issue.record("the mistake was accepted")
    } catch let error as HintedError {
      for part in mistake.expected + ["recipe.yaml"] { #expect(error.description.contains(part)) }
    }
  }

  @Test("the recipes of this repository are valid, named after their folders, and their teachers exist")
  func shipped() throws {
    let corpora = "\(PackageRoot.path)/Corpora"
    let names = try FileManager.default.contentsOfDirectory(atPath: corpora).filter {
      FileManager.default.fileExists(atPath: "\(corpora)/\($0)/recipe.yaml")
    }
    #expect(Set(names).isSuperset(of: ["thermostat", "tinystories"]))
    for name in names {
      let recipe = try RecipeFile.read("\(corpora)/\(name)/recipe.yaml").recipe
      #expect(recipe.name == name)
      if let teacher = recipe.teacher {
        #expect(try TeacherProfileFile.read("\(PackageRoot.path)/teachers/\(teacher).yaml").name == teacher)
      }
    }
  }

  @Test("nested aliases cannot blow a recipe up")
  func aliases() {
    var text = "a0: &a0 [x, x]\n"
    for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    #expect(throws: HintedError.self) { try RecipeFile.parse(text, name: "bomb.yaml") }
  }

  @Test("words come from files beside the recipe, without comments and blank lines")
  func wordFiles() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(Self.asking, to: "\(folder)/recipe.yaml")
      try AtomicFile.write("# rooms\r\n kitchen \r\n\r\nliving room\r\n", to: "\(folder)/words/rooms.txt")
      let loaded = try RecipeFile.read("\(folder)/recipe.yaml")
      #expect(loaded.lists.mapValues(\.texts) == ["room": ["kitchen", "living room"], "degrees": ["18", "19", "20"]])
      #expect(loaded.text == Self.asking)
    }
  }

  @Test(
    "word files with nothing, a word twice, or no UTF-8 are refused",
    arguments: [Array("# only\n".utf8), Array("a\nb\na\n".utf8), [0x61, 0xFF, 0x0A], Array("a\0b\n".utf8)])
  func badWordFiles(bytes: [UInt8]) async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(Self.asking, to: "\(folder)/recipe.yaml")
      #expect(throws: HintedError.self) { try RecipeFile.read("\(folder)/recipe.yaml") }
      try AtomicFile.write(bytes, to: "\(folder)/words/rooms.txt")
      #expect(throws: HintedError.self) { try RecipeFile.read("\(folder)/recipe.yaml") }
    }
  }
}
