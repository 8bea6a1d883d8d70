import Basics
import HTTPTransport
import Lineage

/// Finds out what a server takes and gives, before a corpus is asked for.
public struct TeacherCheck {
  private let teacher: Teacher
  private var report = TeacherReport()

  public init(_ teacher: Teacher) { self.teacher = teacher }

  /// Names that servers have for the longest answer.
  private static let namesOfMaxTokens = ["max_completion_tokens", "max_tokens", "max_output_tokens"]
  /// Members of the body that are not sampling.
  private static let fixedFields: Set<String> = [
    "model", "messages", "prompt", "system", "stream", "stream_options", "echo", "options",
  ]

  /// - Throws: `HintedError` with the server's words where it takes no request at all.
  public mutating func run() async throws -> TeacherReport {
    try await listModels()
    let prompt = try Self.prompt("Answer with one word: is water wet?", maxTokens: 32, seed: 1)
    let sampling = try fields(of: prompt)
    switch try await send(prompt) {
    case .success(let answer):
      report.isAccepted = true
      report.fields = sampling.map { TeacherReport.Field(name: $0, isAccepted: true) }
      note(answer)
    case .failure(let failure):
      guard case .refuse = failure.consequence else { throw AskFailure.hinted(failure, answered: 0, of: 1) }
      try await findRefused(sampling, prompt)
    }
    if report.fields.contains(where: { $0.name == "seed" && $0.isAccepted }) { try await checkSeed() }
    try await checkLogProbabilities()
    return report
  }

  private static func prompt(_ text: String, maxTokens: Int, seed: UInt64) throws -> Prompt {
    try Prompt(
      index: 0, messages: [Message(.user, text)],
      sampling: SamplingSettings(temperature: 0.7, topP: 0.9, maxTokens: maxTokens, seed: seed, stop: ["\n\n"]))
  }

  /// The sampling fields that the profile sends, in a stable order.
  private func fields(of prompt: Prompt) throws -> [String] {
    teacher.dialect.body(for: prompt, model: teacher.profile.model).keys
      .filter { !Self.fixedFields.contains($0) && !teacher.profile.fields.omit.contains($0) }.sorted()
  }

  private mutating func note(_ answer: TeacherAnswer) {
    (report.answeringModel, report.answer) = (answer.model, String(answer.text.prefix(200)))
    report.countsTokens = !answer.isUsageEstimated
    report.thinks = !answer.reasoning.isEmpty
  }
}

// MARK: - Fields

extension TeacherCheck {
  /// Sends each field alone, where all of them together are refused.
  private mutating func findRefused(_ sampling: [String], _ prompt: Prompt) async throws {
    let all = Set(sampling)
    switch try await send(prompt, leavingOut: all) {
    case .success(let answer): note(answer)
    case .failure(let failure):
      throw HintedError(
        "the teacher takes no request at all: \(failure.detail)",
        hint: "check the profile's model, body and headers; sampling fields are not at fault", status: .unavailable)
    }
    for name in sampling {
      switch try await send(prompt, leavingOut: all.subtracting([name])) {
      case .success: report.fields.append(TeacherReport.Field(name: name, isAccepted: true))
      case .failure(let failure):
        report.fields.append(
          TeacherReport.Field(
            name: name, isAccepted: false, acceptedAs: try await otherName(of: name, prompt, all),
            detail: failure.detail))
      }
    }
  }

  /// The name by which the server takes the longest answer, if it has another.
  private mutating func otherName(of name: String, _ prompt: Prompt, _ all: Set<String>) async throws -> String? {
    guard name == "max_tokens" else { return nil }
    let sent = teacher.profile.fields.rename[name] ?? name
    for other in Self.namesOfMaxTokens where other != sent {
      let extra: JSONValue = .object([other: .number(prompt.sampling.maxTokens)])
      if case .success = try await send(prompt, leavingOut: all, adding: extra) { return other }
    }
    return nil
  }

  private mutating func checkSeed() async throws {
    var answers: [String] = []
    for seed in [7, 7, 8] as [UInt64] {
      let prompt = try Self.prompt("Write twenty random letters.", maxTokens: 48, seed: seed)
      let refused = report.fields.filter { !$0.isAccepted }.map(\.name)
      guard case .success(let answer) = try await send(prompt, leavingOut: Set(refused)) else { return }
      answers.append(answer.text + answer.reasoning)
    }
    report.honoursSeed = answers[0] == answers[1] && answers[0] != answers[2]
  }

  private mutating func checkLogProbabilities() async throws {
    let extra: JSONValue
    switch teacher.profile.dialect {
    case .openAIChat, .scripted: extra = .object(["logprobs": .bool(true), "top_logprobs": .number(5)])
    case .openAICompletions, .llama2c: extra = .object(["logprobs": .number(5)])
    case .anthropic, .ollama: return
    }
    let refused = Set(report.fields.filter { !$0.isAccepted }.map(\.name))
    let prompt = try Self.prompt("Answer with one word: is water wet?", maxTokens: 32, seed: 1)
    guard case .success(let answer) = try await send(prompt, leavingOut: refused, adding: extra) else {
      report.givesLogProbabilities = false
      return
    }
    let body = try? LenientJSON(Array(answer.body.utf8)).value
    report.givesLogProbabilities = body?["choices"]?.items?.first?["logprobs"]?.members != nil
  }
}

// MARK: - Requests

extension TeacherCheck {
  /// One exchange, without retries.
  private mutating func send(
    _ prompt: Prompt, leavingOut omitted: Set<String> = [], adding extra: JSONValue = .object([:])
  ) async throws -> Result<TeacherAnswer, TeacherFailure> {
    let payload = try teacher.builder.payload(for: prompt, leavingOut: omitted, adding: extra)
    let request = try TeacherRequest(
      promptID: prompt.id, endpoint: "", model: teacher.profile.model, payload: payload)
    let result = await teacher.exchange(request)
    report.requestCount += 1
    switch result {
    case .success(let answer): report.cost += answer.cost
    case .failure(let failure):
      report.cost += failure.cost
      guard case .refuse = failure.consequence else { throw AskFailure.hinted(failure, answered: 0, of: 1) }
    }
    return result
  }

  private mutating func listModels() async throws {
    guard let listing = await teacher.listModels(), let items = listing["data"]?.items ?? listing["models"]?.items
    else { return }
    report.models = items.compactMap { $0["id"]?.text ?? $0["name"]?.text }
    let own = items.first { ($0["id"]?.text ?? $0["name"]?.text) == teacher.profile.model }
    let names = ["context_length", "max_model_len", "context_window", "max_context_length", "inputTokenLimit"]
    report.contextLength =
      names.lazy.compactMap { own?[$0]?.count() }.first ?? own?["meta"]?["n_ctx_train"]?.count()
  }
}
