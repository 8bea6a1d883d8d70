import Basics
import Foundation
import TestSupport
import Testing

@Suite("alambic serve", .serialized)
struct ServeCommandTests {
  /// Trains a model in `folder` on a dialogue that even a few steps learn.
  private static func train(_ options: String, in folder: String) async throws -> AlambicCommand {
    try AtomicFile.write(
      String(repeating: "> is it cold\n< No, it is 20 C.\n> is it warm\n< Yes, é.\n", count: 100),
      to: "\(folder)/text.txt")
    let alambic = AlambicCommand(in: folder)
    let outcome = try await alambic(
      "train --data text.txt --batch 8 --window 32 --steps 150 --quiet --out model \(options)")
    #expect(outcome.status == 0, "\(outcome)")
    return alambic
  }

  private static let atome = "--shape d_model=16,n_layers=1,d_head=8,top_k=4,kernel=3"

  /// The tokens' log probabilities of a completion; nil for the first of a text.
  private static func logprobs(_ response: LoopbackClient.Response) throws -> [Double?] {
    let logprobs = try #require(try response.choices()[0]["logprobs"] as? [String: Any])
    return try #require(logprobs["token_logprobs"] as? [Any]).map { $0 as? Double }
  }

  @Test("a student says over HTTP what it says in a talk, at once and in a stream, and a chat is its dialogue")
  func student() async throws {
    try await withTemporaryFolder { folder in
      let alambic = try await Self.train(Self.atome, in: folder)
      #expect(try await alambic("export model --out model.atome --quiet").status == 0)
      let talk = try await alambic.run(["talk", "model.atome", "--prompt", "> is", "--bytes", "30", "--json"]).json()
      let outcome = try await alambic.serve(["serve", "model.atome"], model: "model") { client in
        let text = try await client.complete("> is", ["max_tokens": 30, "temperature": 0])
        #expect(try text.text() == talk["text"] as? String)
        #expect(try text.choices()[0]["finish_reason"] as? String == "length")
        #expect(
          try text.json()["usage"] as? [String: Int] == [
            "prompt_tokens": 4, "completion_tokens": 30, "total_tokens": 34,
          ])

        let chat = try await client.chat(" is it cold\n", ["max_tokens": 40, "temperature": 0])
        let line = try await client.complete(
          "> is it cold\n< ", ["max_tokens": 40, "temperature": 0, "stop": ["\n", "\0"]])
        #expect(try chat.text() == line.text())
        let sampled: [String: Any] = ["seed": 5, "max_tokens": 60, "temperature": 1.5, "n": 2]
        let whole = try await client.complete("> ", sampled)
        let pieces = try await client.complete("> ", sampled.merging(["stream": true]) { $1 }).events()
          .flatMap { $0["choices"] as? [[String: Any]] ?? [] }
        for index in 0..<2 {
          let said = pieces.filter { $0["index"] as? Int == index }.compactMap { $0["text"] as? String }.joined()
          #expect(try said == whole.text(index))
        }
        #expect(try whole.text(0) != whole.text(1))
        #expect(try await client.complete("> ", ["max_tokens": 60]).text() != whole.text(0))

        let refused = try await client.chat([
          ["role": "system", "content": "Be kind."], ["role": "user", "content": "x"],
        ])
        #expect(refused.status == 400)
        #expect(try refused.refusal().contains("no place for a message of the role 'system'"))
        #expect(try await client.chat("two\nlines").status == 400)
        #expect(try await client.complete("").status == 400)
      }
      #expect(outcome.standardOutput.hasPrefix("http://127.0.0.1:") && outcome.status == 0, "\(outcome)")
    }
  }

  @Test("what was said has the same log probabilities when it is scored, and alternatives add up")
  func logprobs() async throws {
    try await withTemporaryFolder { folder in
      let alambic = try await Self.train("--preset gpt-6k", in: folder)
      _ = try await alambic.serve(["serve", "model"], model: "model") { client in
        let said = try await client.complete(
          "> is it", ["max_tokens": 9, "temperature": 1.3, "seed": 2, "echo": true, "logprobs": 0])
        let text = try said.text()
        let scored = try await client.complete(text, ["max_tokens": 0, "echo": true, "logprobs": 0])
        let (first, second) = (try Self.logprobs(said), try Self.logprobs(scored))
        #expect(first.count == text.utf8.count && first[0] == nil)
        #expect(first == second)

        let chat = try await client.chat("is it cold", ["temperature": 0, "logprobs": true, "top_logprobs": 20])
        let content = try #require(
          (try chat.choices()[0]["logprobs"] as? [String: Any])?["content"] as? [[String: Any]])
        #expect(!content.isEmpty)
        for token in content {
          let top = try #require(token["top_logprobs"] as? [[String: Any]]).compactMap { $0["logprob"] as? Double }
          #expect(top.count == 20 && top == top.sorted(by: >) && token["logprob"] as? Double == top[0])
          let sum = top.reduce(0) { $0 + exp($1) }
          #expect(sum > 0.5 && sum < 1.000001)
        }
      }
    }
  }

  @Test("a llama2.c model continues a text, up to the end of it", .needsSharedData)
  func llama() async throws {
    let weights = try #require(SharedData.path("llama2c/stories260K.bin"))
    let tokenizer = try #require(SharedData.path("llama2c/tok512.bin"))
    try await withTemporaryFolder { folder in
      _ = try await AlambicCommand(in: folder).serve(
        ["serve", weights, "--tokenizer", tokenizer, "--model", "stories"], model: "stories"
      ) { client in
        let fields: [String: Any] = ["max_tokens": 20, "temperature": 0]
        let story = try await client.complete("Once upon a time", fields.merging(["echo": true, "logprobs": 1]) { $1 })
        #expect(try story.text().hasPrefix("Once upon a time, there was a little girl"))
        let logprobs = try #require(try story.choices()[0]["logprobs"] as? [String: Any])
        #expect(try (logprobs["tokens"] as? [String])?.joined() == story.text())
        #expect(try Self.logprobs(story).allSatisfy { ($0 ?? 1) <= 0 })
        let chat = try await client.chat("Once upon a time", fields)
        #expect(try "Once upon a time" + chat.text() == story.text())
        let long = try await client.complete(String(repeating: "many words ", count: 400))
        #expect(long.status == 400)
        #expect(try long.refusal().contains("the model has positions for 512"))
      }
    }
  }

  @Test("a plain GPT of ours teaches a corpus through HTTP, and is never asked twice")
  func teacher() async throws {
    try await withTemporaryFolder { folder in
      let alambic = try await Self.train("--preset gpt-6k", in: folder)
      let project = try TinyProject(in: folder)
      _ = try await alambic.serve(["serve", "model"], model: "model") { client in
        try AtomicFile.write(
          """
          schema: alambic.teacher/1
          name: taught
          dialect: openai-completions
          endpoint: http://127.0.0.1:\(client.port)/v1
          model: model
          body: {echo: true}
          sampling: {maxTokens: 60, stop: ["\\n> "]}
          outputsLicense: CC0-1.0

          """, to: "\(folder)/teachers/taught.yaml")
        try AtomicFile.write(
          """
          schema: alambic.recipe/1
          name: tiny
          description: What a model says of warmth.
          seed: 1
          teacher: taught
          prompting: {templates: ["> is it {word}"], lists: {word: [cold, warm]}, count: 12}
          curation: {documentSeparator: whole-answer, heldOutFraction: 0.25}
          shipping: {license: CC0-1.0}

          """, to: "\(folder)/Corpora/tiny/recipe.yaml")
        let asked = try await project("ask tiny --unchecked")
        #expect(asked.status == 0, "\(asked)")
        let statistics = try await client.get("/alambic/statistics").json()
        #expect(statistics["answersSent"] as? Int == 12 && statistics["maximumRepeat"] as? Int == 1)
        #expect(try await project("ask tiny --unchecked").status == 0)
        #expect(try await client.get("/alambic/statistics").json()["requestCount"] as? Int == 12)
        let curated = try await project("curate tiny")
        #expect(curated.status == 0, "\(curated)")
      }
    }
  }

  @Test("with fewer descriptors than clients it goes on answering")
  func descriptors() async throws {
    try await withTemporaryFolder { folder in
      _ = try await AlambicCommand(in: folder).serve(
        ["teacher", "serve", "thermostat", "--connections", "1000"], model: "thermostat-grammar", descriptors: 40
      ) { client in
        let port = client.port
        let slow = try await LoopbackClient.blocking {
          try (0..<120).map { _ in
            let connection = try LoopbackConnection(port: port)
            connection.send("GET /v1/models HTTP/1.1\r\n")
            return connection
          }
        }
        for _ in 0..<5 { #expect(try await client.complete("the fan", ["max_tokens": 3]).status == 200) }
        withExtendedLifetime(slow) {}
      }
    }
  }

  @Test("what cannot be served is refused before it listens")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      let missing = try await alambic("serve none.atome")
      #expect(missing.status != 0 && missing.standardError.contains("none.atome"), "\(missing)")
      let keyless = try await alambic("teacher serve thermostat --api-key-environment ALAMBIC_NO_SUCH_KEY")
      expect(
        keyless,
        is: .refusal(
          64, "--api-key-environment: the variable ALAMBIC_NO_SUCH_KEY is not set", hint: "export it with the key"))
      let nowhere = try await alambic("teacher serve thermostat --host 192.0.2.1")
      #expect(nowhere.status == 69 && nowhere.standardError.contains("cannot listen on 192.0.2.1"), "\(nowhere)")
    }
  }
}
