import Basics
import HTTPTransport
import Lineage

/// A prompt as this server takes it: the dialect's body, without what equals the API's defaults, with the profile's
/// changes.
struct RequestBuilder: Sendable {
  let profile: TeacherProfile
  let dialect: any TeacherDialect

  /// - Throws: `HintedError` where the profile leaves out or renames what is never sent: a spelling mistake.
  init(_ profile: TeacherProfile) throws {
    self.profile = profile
    dialect = profile.dialect.speaker
    let example = try Prompt(
      index: 0, messages: [Message(.system, "x"), Message(.user, "x")],
      sampling: SamplingSettings(temperature: 0.5, topP: 0.5, stop: ["x"], n: 2), format: Self.exampleFormat())
    let known = dialect.body(for: example, model: profile.model).keys.sorted()
    for key in profile.fields.omit + profile.fields.rename.keys.sorted() where !known.contains(key) {
      let meant = EditDistance.nearest(to: key, in: known).map { "did you mean '\($0)'? " } ?? ""
      throw HintedError(
        "the teacher '\(profile.name)' leaves out or renames '\(key)', which its dialect never sends",
        hint: "\(meant)\(profile.dialect.rawValue) sends: \(known.joined(separator: ", "))", status: .usage)
    }
  }

  private static func exampleFormat() throws -> AnswerFormat {
    let schema = JSONValue.object([
      "type": .string("object"), "properties": .object(["x": .object(["type": .string("string")])]),
      "required": .texts(["x"]),
    ])
    return try AnswerFormat(schema: JSONSchema(schema), text: PromptTemplate("{x}"))
  }

  /// - Throws: `HintedError` for what the dialect has no words for.
  private func check(_ prompt: Prompt) throws {
    let name = "the teacher '\(profile.name)'"
    if prompt.sampling.n != nil, !profile.dialect.givesSeveral {
      throw HintedError(
        "\(name) gives one answer a request: the dialect \(profile.dialect.rawValue) knows no sampling.n",
        hint: "leave sampling.n out of the recipe; prompts that repeat differ in their seed", status: .usage)
    }
    if prompt.format != nil, !profile.dialect.takesSchema {
      throw HintedError(
        "\(name) takes no schema: the dialect \(profile.dialect.rawValue) has no field for one",
        hint: "leave prompting.json out, or ask by openai-chat, anthropic or ollama", status: .usage)
    }
  }

  /// The body, as canonical JSON.
  /// - Parameters:
  ///   - omitted: members, as the dialect calls them, that are left out beside the profile's.
  ///   - extra: merged into the body last.
  func payload(
    for prompt: Prompt, leavingOut omitted: Set<String> = [], adding extra: JSONValue = .object([:])
  ) throws -> String {
    try check(prompt)
    var members = dialect.body(for: prompt, model: profile.model)
    let fields = profile.fields
    for (key, value) in dialect.defaults where members[key] == value && !fields.always.contains(key) {
      members[key] = nil
    }
    for key in fields.omit + omitted { members[key] = nil }
    var renamed = members
    for (key, name) in fields.rename {
      guard let value = members[key] else { continue }
      if renamed[key] == value { renamed[key] = nil }
      renamed[name] = value
    }
    return try CanonicalJSON.text(JSONValue.object(renamed).merged(with: .object(fields.body)).merged(with: extra))
  }

  /// As it was before defaults were left out; nil where that cannot have been asked.
  func formerPayload(for prompt: Prompt) throws -> String? {
    let fields = profile.fields
    guard fields == TeacherProfile.RequestFields(always: fields.always) else { return nil }
    return try CanonicalJSON.text(JSONValue.object(dialect.body(for: prompt, model: profile.model)))
  }

  /// What follows the endpoint: the dialect's path and the profile's query.
  var pathAndQuery: String { dialect.path + query }

  /// The profile's query with its question mark; empty where it has none.
  var query: String {
    let query = profile.fields.query.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return query.isEmpty ? "" : "?" + query.joined(separator: "&")
  }

  /// The same as a part of a request's identity, with headers that may change the answer.
  var identity: String {
    let lines = profile.fields.headers.sorted { $0.key < $1.key }.map { " \($0.key.lowercased()): \($0.value)" }
    return pathAndQuery + lines.joined()
  }

  /// Whether the profile asks for answers piece by piece, as some servers give no others.
  private var streams: Bool { profile.fields.body["stream"] == .bool(true) }

  func headers(key: SecretText?) -> HTTPHeaders {
    var headers = dialect.headers
    if let key {
      let name = profile.keyHeader ?? dialect.keyHeader
      headers.append(
        name == .bearer ? "Authorization" : name.rawValue, name == .bearer ? "Bearer \(key.value)" : key.value)
    }
    for (name, value) in profile.fields.headers.sorted(by: { $0.key < $1.key }) { headers.replace(name, value) }
    headers.append("Content-Type", "application/json")
    headers.append("Accept", streams ? "text/event-stream, application/json" : "application/json")
    return headers
  }
}
