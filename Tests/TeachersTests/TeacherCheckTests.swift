import Basics
import Foundation
import Lineage
import Teachers
import TestSupport
import Testing

/// Servers that behave as hosted models do, and what a check finds out about them.
@Suite("Checking a teacher")
struct TeacherCheckTests {
  /// A server that takes these fields of the body and no others, and answers by seed where it takes one.
  private static func server(
    taking fields: Set<String>, countsTokens: Bool = true, models: String = #"{"data":[{"id":"asked-model"}]}"#
  ) -> @Sendable (LoopbackServer.Request) -> LoopbackServer.Reply {
    { request in
      guard request.method == "POST" else { return .json(models) }
      let body = TeacherFixture.json(request.body)
      for name in body.keys.sorted() where !fields.union(["model", "messages"]).contains(name) {
        return .json(#"{"error":{"message":"Unsupported parameter: '\#(name)'"}}"#, status: 400)
      }
      let seed = body["seed"].map { "seed \($0)" } ?? "number \(request.number)"
      let usage = countsTokens ? #","usage":{"prompt_tokens":3,"completion_tokens":2}"# : ""
      let logprobs = body["logprobs"] == nil ? "null" : #"{"content":[]}"#
      return .json(
        #"{"model":"m","choices":[{"message":{"content":"\#(seed)"},"finish_reason":"stop","logprobs":\#(logprobs)}]"#
          + usage + "}")
    }
  }

  private func report(
    _ reply: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Reply,
    fields: TeacherProfile.RequestFields = TeacherProfile.RequestFields()
  ) async throws -> (TeacherReport, requestCount: Int) {
    try await withLoopbackServer(reply) { server in
      var check = TeacherCheck(try TeacherFixture.teacher(server, fields: fields))
      let report = try await check.run()
      return (report, server.requests.count { $0.method == "POST" })
    }
  }

  private static let usual: Set<String> = [
    "max_tokens", "temperature", "top_p", "seed", "stop", "logprobs", "top_logprobs",
  ]

  @Test("a server that takes everything needs five requests, and nothing is to be mended")
  func everything() async throws {
    let models = #"{"data":[{"id":"other"},{"id":"asked-model","max_model_len":4096}]}"#
    let (report, count) = try await report(Self.server(taking: Self.usual, models: models))
    #expect(report.isAccepted && report.mends.isEmpty && count == 5 && report.requestCount == 5)
    #expect(report.models == ["other", "asked-model"] && report.contextLength == 4096)
    #expect(report.countsTokens && report.honoursSeed == true && report.givesLogProbabilities == true)
    #expect(report.cost == 5 * 7)
  }

  @Test("what a reasoning model refuses becomes lines of the profile, and with them it works")
  func reasoning() async throws {
    let server = Self.server(taking: ["max_completion_tokens", "seed", "stop"], models: "not JSON")
    let (found, _) = try await report(server)
    #expect(!found.isAccepted && found.models == nil && found.givesLogProbabilities == false)
    #expect(found.mends == ["omit: [temperature, top_p]", "rename: {max_tokens: max_completion_tokens}"])
    let refused = found.fields.filter { !$0.isAccepted }
    #expect(refused.map(\.name) == ["max_tokens", "temperature", "top_p"])
    #expect(refused.first?.detail?.contains("Unsupported parameter: 'max_tokens'") == true)
    let mended = TeacherProfile.RequestFields(
      omit: ["temperature", "top_p"], rename: ["max_tokens": "max_completion_tokens"])
    #expect(try await report(server, fields: mended).0.isAccepted)
  }

  @Test("a seed that changes nothing is not honoured, and tokens that nobody counts are said")
  func seedless() async throws {
    let taking = Self.usual
    let (report, _) = try await report { request in
      guard request.method == "POST" else { return .json("{}", status: 404) }
      var body = TeacherFixture.json(request.body)
      body["seed"] = nil
      var asked = request
      asked.body = Array((try? JSONSerialization.data(withJSONObject: body)) ?? Data())
      return Self.server(taking: taking, countsTokens: false)(asked)
    }
    #expect(report.honoursSeed == false && !report.countsTokens && report.models == nil)
  }

  @Test("a server that takes no request is an error in its own words, and so is a wrong key")
  func refusals() async throws {
    await #expect {
      try await report { _ in .json(#"{"error":{"message":"no such deployment"}}"#, status: 400) }
    } throws: { error in
      "\(error)".contains("takes no request at all") && "\(error)".contains("no such deployment")
    }
    await #expect {
      try await report { _ in .json(#"{"error":{"message":"bad key"}}"#, status: 401) }
    } throws: { error in
      "\(error)".contains("bad key")
    }
  }
}
