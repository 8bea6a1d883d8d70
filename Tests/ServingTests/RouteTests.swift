import Foundation
import Serving
import TestSupport
import Testing

@Suite("Paths, methods, keys and origins") struct RouteTests {
  @Test("every path says which methods it takes")
  func methods() async throws {
    try await withServer { client, _ in
      let model = try await client.get("/v1/models/parrot")
      #expect(try model.json()["id"] as? String == "parrot")
      #expect(try await client.get("/v1/models/other").status == 404)
      #expect(try await client.get("/v1/models?limit=1").status == 200)
      #expect(try await client.get("/health").json()["status"] as? String == "ok")
      let wrong = try await client.get("/v1/chat/completions")
      #expect(wrong.status == 405 && wrong.head.hasPrefix("HTTP/1.1 405 Method Not Allowed"))
      #expect(try wrong.refusal().contains("takes POST"))
      #expect(try await client.post("/v1/models", "{}").status == 405)
      #expect(try await client.get("/v1/embeddings").status == 404)
      let other = try await client.chat("x", ["model": "gpt"])
      #expect(other.status == 404)
      #expect(try other.refusal().contains("this server has 'parrot'"))
      let head = try await client.request("HEAD", "/v1/models")
      let whole = try await client.get("/v1/models")
      #expect(head.status == 200 && head.body.isEmpty)
      #expect(head.header("Content-Length") == "\(whole.body.count)")
    }
  }

  @Test("pages of this machine may ask, and others that are named")
  func origins() async throws {
    func origin(_ name: String) -> String { "Origin: \(name)\r\n" }
    try await withServer { client, _ in
      let preflight = try await client.request(
        "OPTIONS", "/v1/chat/completions", headers: origin("http://localhost:3000"))
      #expect(preflight.status == 204 && preflight.body.isEmpty)
      #expect(preflight.header("Access-Control-Allow-Origin") == "http://localhost:3000")
      #expect(preflight.header("Access-Control-Allow-Methods")?.contains("POST") == true)
      #expect(preflight.header("Access-Control-Allow-Headers")?.contains("Authorization") == true)
      let stranger = try await client.get("/v1/models", headers: origin("http://localhost.evil.example"))
      #expect(stranger.header("Access-Control-Allow-Origin") == nil)
    }
    var settings = ServerSettings()
    settings.allowedOrigin = "https://page.example"
    try await withServer(Parrot(), settings) { client, _ in
      let page = try await client.get("/v1/models", headers: origin("https://page.example"))
      #expect(page.header("Access-Control-Allow-Origin") == "https://page.example")
    }
  }

  @Test("with a key, nobody without it learns more than that the server lives")
  func keys() async throws {
    var settings = ServerSettings()
    settings.key = "sk-long"
    try await withServer(Parrot(), settings) { client, server in
      for header in ["", "Authorization: Bearer sk-lonk\r\n", "Authorization: sk-long\r\n"] {
        let refused = try await client.get("/v1/models", headers: header)
        #expect(refused.status == 401 && refused.header("WWW-Authenticate") == "Bearer")
        #expect(!String(decoding: refused.body, as: UTF8.self).contains("sk-long"))
      }
      #expect(try await client.get("/v1/models", headers: "Authorization: Bearer sk-long\r\n").status == 200)
      #expect(try await client.get("/health").status == 200)
      #expect(try await client.chat("x").status == 401)
      #expect(await server.statistics.requestCount == 0)
    }
  }
}
