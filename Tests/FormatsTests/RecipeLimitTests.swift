import Basics
import Formats
import Testing

/// Every limit of numbers in docs/formats/recipe.md and teacher.md, from one table: at the limit a file is read, and
/// beyond it refused.
@Suite("Limits of recipes and teachers")
struct RecipeLimitTests {
  struct Limit: Sendable, CustomTestStringConvertible {
    /// Of the recipe, or of a teacher's profile.
    var section: String
    var within: String
    var beyond: String

    var testDescription: String { "\(section): \(within), not \(beyond)" }

    init(_ section: String, _ within: String, _ beyond: String) {
      (self.section, self.within, self.beyond) = (section, within, beyond)
    }
  }

  private static func recipe(_ section: String, _ entries: String) -> String {
    func of(_ name: String, _ otherwise: String) -> String { section == name ? entries : otherwise }
    return """
      schema: alambic.recipe/1
      name: \(of("name", "a"))
      description: A test.
      seed: \(of("seed", "1"))
      teacher: thermostat
      prompting: {templates: ["Say {a}."], lists: {a: [b, c]}, \(of("prompting", "count: 16512"))\
      , sampling: {\(of("sampling", ""))}}
      curation: {\(of("curation", ""))}
      sharding: {\(of("sharding", ""))}
      training: {\(of("training", ""))}
      verification: {\(of("verification", ""))}
      shipping: {license: CC0-1.0}
      """
  }

  private static func teacher(_ section: String, _ entries: String) -> String {
    func of(_ name: String, _ otherwise: String) -> String { section == name ? entries : otherwise }
    return """
      schema: alambic.teacher/1
      name: example
      dialect: openai-chat
      endpoint: https://api.example.org/v1
      model: some-model
      sampling: {\(of("sampling", ""))}
      pricePerMillionTokens: {\(of("price", "prompt: 1, completion: 1"))}
      pace: {\(of("pace", ""))}
      outputsLicense: see terms
      """
  }

  static let recipes: [Limit] = [
    Limit("name", String(repeating: "a", count: 64), String(repeating: "a", count: 65)),
    Limit("seed", "18446744073709551615", "18446744073709551616"), Limit("seed", "0", "-1"),
    Limit("prompting", "count: 1", "count: 0"), Limit("prompting", "count: 10_000_000", "count: 10_000_001"),
    Limit("prompting", "count: 9, tolerance: 0", "count: 9, tolerance: -0.0001"),
    Limit("prompting", "count: 9, tolerance: 1", "count: 9, tolerance: 1.0001"),
    Limit("sampling", "temperature: 0", "temperature: -0.0001"),
    Limit("sampling", "temperature: 2", "temperature: 2.0001"),
    Limit("sampling", "topP: 0", "topP: -0.0001"), Limit("sampling", "topP: 1", "topP: 1.0001"),
    Limit("sampling", "maxTokens: 1", "maxTokens: 0"), Limit("sampling", "maxTokens: 1000000", "maxTokens: 1000001"),
    Limit("sampling", "n: 1", "n: 0"), Limit("sampling", "n: 128", "n: 129"),
    Limit("sampling", "stop: [a, b, c, d]", "stop: [a, b, c, d, e]"),
    Limit("curation", "minimumByteCount: 1", "minimumByteCount: 0"),
    Limit(
      "curation", "minimumByteCount: 1000000, maximumByteCount: 2000000",
      "minimumByteCount: 1000001, maximumByteCount: 2000000"),
    Limit("curation", "minimumByteCount: 5, maximumByteCount: 5", "minimumByteCount: 5, maximumByteCount: 4"),
    Limit("curation", "maximumByteCount: 2097152", "maximumByteCount: 2097153"),
    Limit("curation", "heldOutFraction: 0.0001", "heldOutFraction: 0"),
    Limit("curation", "heldOutFraction: 0.9", "heldOutFraction: 0.9001"),
    Limit("curation", "openingShare: 0.001", "openingShare: 0.0009"),
    Limit("curation", "openingShare: 1", "openingShare: 1.001"),
    Limit("curation", "sharedPart: 16", "sharedPart: 15"),
    Limit("curation", "sharedPart: 1000000", "sharedPart: 1000001"),
    Limit("curation", "nearDuplicates: 0.3", "nearDuplicates: 0.2999"),
    Limit("curation", "nearDuplicates: 1", "nearDuplicates: 1.0001"),
    Limit("sharding", "chunkByteCount: 16", "chunkByteCount: 15, frameByteCount: 30"),
    Limit(
      "sharding", "chunkByteCount: 65536, frameByteCount: 65536", "chunkByteCount: 65537, frameByteCount: 65537"),
    Limit("sharding", "frameByteCount: 16777216", "frameByteCount: 16777472"),
    Limit("sharding", "frameByteCount: 512", "frameByteCount: 511"),
    Limit("sharding", "compressionLevel: 1", "compressionLevel: 0"),
    Limit("sharding", "compressionLevel: 19", "compressionLevel: 20"),
    Limit("training", "steps: 1", "steps: 0"), Limit("training", "steps: 100000000", "steps: 100000001"),
    Limit("training", "batch: 1", "batch: 0"), Limit("training", "batch: 65536", "batch: 65537"),
    Limit("training", "window: 2", "window: 1"), Limit("training", "window: 4096", "window: 4097"),
    Limit("training", "promptWeight: 0", "promptWeight: -0.0001"),
    Limit("training", "promptWeight: 1", "promptWeight: 1.0001"),
    Limit("training", "repeatLimit: 1", "repeatLimit: 0"),
    Limit("training", "repeatLimit: 1000000", "repeatLimit: 1000001"),
    Limit("training", "segmentationDropout: 0", "segmentationDropout: -0.0001"),
    Limit("training", "segmentationDropout: 1", "segmentationDropout: 1.0001"),
    Limit("training", "patience: 1", "patience: 0"), Limit("training", "patience: 1000000", "patience: 1000001"),
    Limit("training", "twin: 0", "twin: -0.0001"), Limit("training", "twin: 1", "twin: 1.0001"),
    Limit("training", "vocabulary: {learned: {strings: 1}}", "vocabulary: {learned: {strings: 0}}"),
    Limit("training", "vocabulary: {learned: {strings: 254}}", "vocabulary: {learned: {strings: 255}}"),
    Limit("training", "softLabels: {from: a, share: 0}", "softLabels: {from: a, share: -0.0001}"),
    Limit("training", "softLabels: {from: a, share: 1}", "softLabels: {from: a, share: 1.0001}"),
    Limit("verification", "promptCount: 1", "promptCount: 0"),
    // What a transcript holds.
    Limit("verification", "promptCount: 59520, byteCount: 1", "promptCount: 59521, byteCount: 1"),
    Limit("verification", "byteCount: 1", "byteCount: 0"),
    Limit("verification", "promptCount: 1, byteCount: 65536", "promptCount: 1, byteCount: 65537"),
  ]

  static let teachers: [Limit] = [
    Limit("sampling", "temperature: 0", "temperature: -0.0001"),
    Limit("sampling", "temperature: 2", "temperature: 2.0001"),
    Limit("sampling", "topP: 1", "topP: 1.0001"), Limit("sampling", "maxTokens: 1", "maxTokens: 0"),
    Limit("sampling", "maxTokens: 1000000", "maxTokens: 1000001"),
    Limit("price", "prompt: 0, completion: 100000", "prompt: 0, completion: 100000.001"),
    Limit("price", "prompt: 100000, completion: 0", "prompt: 100000.001, completion: 0"),
    Limit("price", "prompt: 0, completion: 0", "prompt: 0, completion: -0.0001"),
    Limit("price", "prompt: 1, completion: 1, batchShare: 1", "prompt: 1, completion: 1, batchShare: 1.0001"),
    Limit("pace", "maxInFlight: 1", "maxInFlight: 0"), Limit("pace", "maxInFlight: 1024", "maxInFlight: 1025"),
    Limit("pace", "requestsPerMinute: 1", "requestsPerMinute: 0"),
    Limit("pace", "requestsPerMinute: 1000000", "requestsPerMinute: 1000001"),
    Limit("pace", "tokensPerMinute: 1", "tokensPerMinute: 0"),
    Limit("pace", "tokensPerMinute: 1000000000", "tokensPerMinute: 1000000001"),
    Limit("pace", "batchRequests: 1", "batchRequests: 0"),
    Limit("pace", "batchRequests: 50000", "batchRequests: 50001"),
  ]

  @Test("a recipe at its limit is read, and the next one refused", arguments: recipes)
  func recipe(limit: Limit) throws {
    _ = try RecipeFile.parse(Self.recipe(limit.section, limit.within), name: "recipe.yaml")
    #expect(throws: HintedError.self) {
      try RecipeFile.parse(Self.recipe(limit.section, limit.beyond), name: "recipe.yaml")
    }
  }

  @Test("a teacher at its limit is read, and the next one refused", arguments: teachers)
  func teacher(limit: Limit) throws {
    _ = try TeacherProfileFile.parse(Self.teacher(limit.section, limit.within), name: "teacher.yaml")
    #expect(throws: HintedError.self) {
      try TeacherProfileFile.parse(Self.teacher(limit.section, limit.beyond), name: "teacher.yaml")
    }
  }
}
