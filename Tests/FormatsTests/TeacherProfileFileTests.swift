import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

@Suite("Teacher profiles")
struct TeacherProfileFileTests {
  private static let profile = """
    schema: alambic.teacher/1
    name: example
    dialect: openai-chat
    endpoint: https://api.example.org/v1/
    model: some-model
    keyVariable: EXAMPLE_API_KEY
    sampling: {temperature: 0.7, maxTokens: 64}
    pricePerMillionTokens: {prompt: 0.15, completion: 0.6}
    pace: {maxInFlight: 8, requestsPerMinute: 500}
    outputsLicense: see terms
    """

  @Test("every field is read")
  func whole() throws {
    #expect(
      try TeacherProfileFile.parse(Self.profile, name: "p.yaml")
        == TeacherProfile(
          name: "example", dialect: .openAIChat, endpoint: "https://api.example.org/v1", model: "some-model",
          sampling: SamplingSettings(temperature: 0.7, maxTokens: 64),
          price: TeacherProfile.Price(prompt: 0.15, completion: 0.6),
          pace: TeacherProfile.Pace(maxInFlight: 8, requestsPerMinute: 500), outputsLicense: "see terms",
          keyVariable: "EXAMPLE_API_KEY"))
  }

  @Test("what a server wants otherwise is read with its types")
  func requestFields() throws {
    let text =
      Self.profile + """

        keyHeader: api-key
        omit: [seed, top_p]
        rename: {max_tokens: max_completion_tokens}
        body: {a: {b: [1, 2.5, true, null, word, "3"]}}
        always: [temperature]
        headers: {X-Team: a b}
        query: {api-version: 2024-10-21}
        timeouts: {connect: 5, total: 900}
        """
    let profile = try TeacherProfileFile.parse(text, name: "p.yaml")
    let list = JSONValue.array([
      .number("1"), .number("2.5"), .bool(true), .null, .string("word"), .string("3"),
    ])
    #expect(
      profile.fields
        == TeacherProfile.RequestFields(
          omit: ["seed", "top_p"], rename: ["max_tokens": "max_completion_tokens"], body: ["a": .object(["b": list])],
          headers: ["X-Team": "a b"], query: ["api-version": "2024-10-21"], always: ["temperature"]))
    #expect(profile.keyHeader == .apiKey && profile.timeouts == TeacherProfile.Timeouts(connect: 5, total: 900))
  }

  @Test(
    "fields that would carry a key, or what no request can, are refused, and no value is shown",
    arguments: [
      "headers: {Authorization: sk-abc}", "headers: {X-API-Key: sk-abc}", "headers: {Cookie: sk-abc}",
      "headers: {\"a b\": sk-abc}", "headers: {A: \"sk-abc\\nB: c\"}", "query: {api_key: sk-abc}",
      "query: {token: sk-abc}", "query: {a: sk-abc&b=c}", "always: [sk-abc]", "keyHeader: sk-abc",
      "timeouts: {total: 0}", "timeouts: {whole: 5}", "sampling: {stop: [a, b, c, d, e]}",
    ])
  func badFields(line: String) {
    let text = Self.profile.replacingOccurrences(of: "sampling: {temperature: 0.7, maxTokens: 64}\n", with: "")
    #expect {
      try TeacherProfileFile.parse(text + "\n" + line, name: "p.yaml")
    } throws: { error in
      error is HintedError && (!line.hasPrefix("headers") && !line.hasPrefix("query") || !"\(error)".contains("sk-abc"))
    }
  }

  @Test("a key in place of its variable's name is refused and not shown")
  func leakedKey() {
    let key = "sk-proj-abc123"
    let text = Self.profile.replacingOccurrences(of: "EXAMPLE_API_KEY", with: key)
    #expect {
      try TeacherProfileFile.parse(text, name: "p.yaml")
    } throws: { error in
      "\(error)".contains("keyVariable") && !"\(error)".contains(key)
    }
  }

  @Test(
    "mistakes are refused",
    arguments: [
      ("openai-chat", "openai-chta"), ("openai-chat", "scripted"), ("https://", "ftp://"), ("/v1/", "/v1?key=abc"),
      ("maxInFlight: 8", "maxInFlight: 0"), ("completion: 0.6", "completion: -1"), ("model: some-model", "model:"),
      ("name: example", "name: example\ngrammar: g.yaml"), ("outputsLicense", "outputLicence"),
    ])
  func mistakes(old: String, new: String) {
    #expect(Self.profile.contains(old))
    let text = Self.profile.replacingOccurrences(of: old, with: new)
    #expect(throws: HintedError.self) { try TeacherProfileFile.parse(text, name: "p.yaml") }
  }

  private static let model = """
    schema: alambic.teacher/1
    name: told
    dialect: llama2c
    weights: model.bin
    tokenizer: tokens.bin
    model: told
    outputsLicense: see terms
    """

  @Test("a llama2.c model names its files beside the profile, and has no address")
  func llama() throws {
    let profile = try TeacherProfileFile.parse(Self.model, name: "p.yaml")
    #expect(profile.weights == "model.bin" && profile.tokenizer == "tokens.bin" && profile.endpoint == nil)
    #expect(profile.dialect.isServedHere)
    for (old, new) in [
      ("weights: model.bin\n", ""), ("tokenizer: tokens.bin\n", ""), ("model.bin", "../model.bin"),
      ("model: told", "model: told\nendpoint: http://127.0.0.1:1"), ("model: told", "model: told\ngrammar: g.yaml"),
    ] {
      let text = Self.model.replacingOccurrences(of: old, with: new)
      #expect(text != Self.model)
      #expect(throws: HintedError.self) { try TeacherProfileFile.parse(text, name: "p.yaml") }
    }
    // Only such a model has them.
    let other = Self.profile + "\nweights: model.bin"
    #expect(throws: HintedError.self) { try TeacherProfileFile.parse(other, name: "p.yaml") }
  }

  @Test("the profiles of this repository are valid and named after their files")
  func shipped() throws {
    let folder = "\(PackageRoot.path)/teachers"
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
      $0.hasSuffix(".yaml") && !$0.hasSuffix(".grammar.yaml")
    }
    #expect(
      Set(files).isSuperset(
        of: ["anthropic", "llama-cpp", "ollama", "openai", "stories260k", "thermostat", "vllm"].map { $0 + ".yaml" }))
    for file in files {
      let profile = try TeacherProfileFile.read("\(folder)/\(file)")
      #expect("\(profile.name).yaml" == file)
    }
  }
}
