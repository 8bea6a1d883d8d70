import Lineage

/// Prompts whose answers come together, or are sent back until they fit a schema.
extension Teacher {
  /// Follows a prompt's turns through the store: the answer that fits, the next request, or why there is none.
  func lastTurn(of known: KnownPrompt, in store: any AnswerStore) async throws -> KnownPrompt {
    guard let format = known.prompt.format else { return known }
    var known = known
    var turn = 0
    while case .answered(let answer) = known.standing, let fault = format.fault(of: answer.text) {
      // What was cut would be cut again.
      guard turn < format.repairs, answer.finishReason == .stop, !answer.text.isEmpty else {
        known.standing = .refused(.misfit(answer, fault, turns: turn))
        break
      }
      turn += 1
      known.asked = try known.asked.repaired(answer.text, fault: fault)
      known.request = try request(for: known.asked, of: known.prompt)
      let standings = try await store.standings(of: [(known.prompt.id, known.request.id)])
      known.standing = standings.first ?? .open(isPromptKnown: true)
    }
    return known
  }

  /// What is sent for an open prompt: where several answers come together, the first one's request.
  func question(of known: KnownPrompt) throws -> (asked: Prompt, request: TeacherRequest) {
    guard known.asked.sampling.choice != nil else { return (known.asked, known.request) }
    let lead = try known.asked.with(choice: nil)
    return (lead, try request(for: lead))
  }

  /// The requests of the answers that come beside the first.
  func otherRequests(of prompt: Prompt) throws -> [TeacherRequest] {
    guard let count = prompt.sampling.n, count > 1 else { return [] }
    return try (1..<count).map { try request(for: prompt.with(choice: $0)) }
  }
}

extension Prompt {
  /// Whether an answer that came may not be the last word, or not the only one.
  var hasTurns: Bool { format != nil || sampling.n != nil }
}

extension TeacherRefusal {
  fileprivate static func misfit(_ answer: TeacherAnswer, _ fault: String, turns: Int) -> TeacherRefusal {
    let after = turns == 0 ? "" : ", after \(turns) repair\(turns == 1 ? "" : "s")"
    let how = answer.finishReason == .stop ? "does not fit the schema" : "is cut, and does not fit the schema"
    return TeacherRefusal(
      requestID: answer.requestID, status: answeredStatus, detail: "the answer \(how)\(after): \(fault)")
  }
}
