import Basics
import Lineage

/// Reads `teachers/<name>.yaml` as docs/formats/teacher.md describes it.
public enum TeacherProfileFile {
  /// - Throws: `HintedError` with file, key and line, for anything that is missing, unknown, mistyped or out of range.
  public static func read(_ path: String) throws -> TeacherProfile {
    try parse(YAMLText.read(path), name: path)
  }

  /// - Parameters:
  ///   - text: the file's.
  ///   - name: the file's path, for messages.
  public static func parse(_ text: String, name: String) throws -> TeacherProfile {
    var top = try YAMLText.mapping(text, name: name)
    try top.checkSchema(TeacherProfile.schema)
    let profile = TeacherProfile(
      name: try top.name(), dialect: try top.required("dialect").choice(TeacherProfile.Dialect.self),
      endpoint: try top.optional("endpoint")?.endpoint(), model: try top.required("model").text(),
      grammar: try top.optional("grammar")?.fileName(), weights: try top.optional("weights")?.fileName(),
      tokenizer: try top.optional("tokenizer")?.fileName(),
      sampling: try top.optional("sampling")?.samplingSettings() ?? SamplingSettings(),
      price: try top.optional("pricePerMillionTokens")?.price() ?? TeacherProfile.Price(),
      pace: try top.optional("pace")?.pace() ?? TeacherProfile.Pace(),
      outputsLicense: try top.required("outputsLicense").text(),
      keyVariable: try top.optional("keyVariable")?.variableName(),
      keyHeader: try top.optional("keyHeader")?.choice(TeacherProfile.KeyHeader.self),
      fields: try top.requestFields(),
      timeouts: try top.optional("timeouts")?.timeouts() ?? TeacherProfile.Timeouts())
    try top.finish()
    try check(profile, at: top.place)
    return profile
  }

  private static func check(_ profile: TeacherProfile, at place: YAMLPlace) throws {
    let isModel = profile.dialect == .llama2c
    for (key, value) in [("weights", profile.weights), ("tokenizer", profile.tokenizer)] {
      guard value != nil || !isModel else { throw place.error("lacks the key '\(key)', which llama2.c teachers need") }
      guard value == nil || isModel else { throw place.error("has '\(key)', but only llama2.c teachers use it") }
    }
    let isScripted = profile.dialect == .scripted
    guard profile.grammar != nil || !isScripted else {
      throw place.error("lacks the key 'grammar', which scripted teachers need")
    }
    guard profile.grammar == nil || isScripted else {
      throw place.error("has a grammar, but only scripted teachers use one")
    }
    guard profile.dialect.isServedHere else {
      guard profile.endpoint != nil else { throw place.error("lacks the key 'endpoint'") }
      return
    }
    guard profile.endpoint == nil else {
      throw place.error("has an endpoint, but \(isScripted ? "scripted" : "llama2.c") teachers run inside Alambic")
    }
  }
}

extension YAMLValue {
  /// The value is not shown: someone may have put a key into it.
  fileprivate func endpoint() throws -> String {
    let text = try text()
    if let fault = TeacherProfile.fault(ofEndpoint: text) { throw place.error(fault.what, hint: fault.hint) }
    return TeacherProfile.trimmed(endpoint: text)
  }

  fileprivate func fileName() throws -> String {
    let name = try text()
    guard !name.contains("/"), !name.hasPrefix(".") else {
      throw place.error("should be a file's name beside the profile")
    }
    return name
  }

  fileprivate func samplingSettings() throws -> SamplingSettings {
    var mapping = try mapping()
    let defaults = SamplingSettings()
    let settings = SamplingSettings(
      temperature: try mapping.optional("temperature")?.number(in: 0...2) ?? defaults.temperature,
      topP: try mapping.optional("topP")?.number(in: 0...1) ?? defaults.topP,
      maxTokens: try mapping.optional("maxTokens")?.integer(in: 1...1_000_000) ?? defaults.maxTokens,
      stop: try mapping.optional("stop")?.stopTexts())
    try mapping.finish()
    return settings
  }

  fileprivate func price() throws -> TeacherProfile.Price {
    var mapping = try mapping()
    let price = TeacherProfile.Price(
      prompt: try mapping.required("prompt").number(in: 0...100_000),
      completion: try mapping.required("completion").number(in: 0...100_000),
      batchShare: try mapping.optional("batchShare")?.number(in: 0...1) ?? TeacherProfile.Price.usualBatchShare)
    try mapping.finish()
    return price
  }

  fileprivate func pace() throws -> TeacherProfile.Pace {
    var mapping = try mapping()
    let pace = TeacherProfile.Pace(
      maxInFlight: try mapping.optional("maxInFlight")?.integer(in: 1...1024) ?? TeacherProfile.Pace().maxInFlight,
      requestsPerMinute: try mapping.optional("requestsPerMinute")?.integer(in: 1...1_000_000),
      tokensPerMinute: try mapping.optional("tokensPerMinute")?.integer(in: 1...1_000_000_000),
      batchRequests: try mapping.optional("batchRequests")?.integer(in: 1...50_000)
        ?? TeacherProfile.Pace.usualBatchRequests)
    try mapping.finish()
    return pace
  }

  /// The value is never shown: someone may have put the key itself here.
  fileprivate func variableName() throws -> String {
    let name = try text()
    let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
    guard name.allSatisfy(allowed.contains), name.first?.isNumber == false else {
      throw place.error(
        "is not the name of an environment variable",
        hint: "write the variable's NAME, such as OPENAI_API_KEY, never the key")
    }
    return name
  }
}
