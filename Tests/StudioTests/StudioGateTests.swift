import Basics
import Foundation
import Ledger
import Lineage
import Studio
import TestSupport
import Testing
import Workbench

@Suite("The studio lets nobody in but its own page")
struct StudioGateTests {
  private typealias Page = StudioFixture

  private static let decision =
    "{\"corpus\": \"tiny\", \"id\": \"\(ContentID(of: Page.documents[0]))\", \"ruling\": \"reject\"}"

  @Test(
    "a request without the token, or from elsewhere, is refused and changes nothing",
    arguments: [
      (401, "Origin: http://localhost\r\n"),
      (401, "X-Alambic-Token: 0123456789abcdeF\r\nOrigin: http://localhost\r\n"),
      (401, "X-Alambic-Token: 0123456789abcde\r\nOrigin: http://localhost\r\n"),
      (401, "Cookie: X-Alambic-Token=\(Page.token)\r\nOrigin: http://localhost\r\n"),
      (403, "X-Alambic-Token: \(Page.token)\r\n"),
      (403, "X-Alambic-Token: \(Page.token)\r\nOrigin: http://evil.example\r\n"),
      (403, "X-Alambic-Token: \(Page.token)\r\nOrigin: null\r\n"),
      (403, "X-Alambic-Token: \(Page.token)\r\nOrigin: http://localhost:3000\r\n"),
      (403, "X-Alambic-Token: \(Page.token)\r\nOrigin: https://localhost\r\n"),
      (403, "X-Alambic-Token: \(Page.token)\r\nOrigin: http://localhost\r\nSec-Fetch-Site: same-site\r\n"),
      (403, "X-Alambic-Token: \(Page.token)\r\nSec-Fetch-Site: none\r\n"),
    ])
  func strangers(status: Int, headers: String) async throws {
    try await Page.run { page in
      for name in ["decide", "undo", "texts", "talk"] {
        let answer = try await page.call(name, Self.decision, headers: headers)
        #expect(answer.status == status, "\(name)")
        #expect(!String(decoding: answer.body, as: UTF8.self).contains(Page.token))
        #expect(answer.header("Access-Control-Allow-Origin") == nil)
      }
      #expect(try await page.workbench.ledger.decisions(of: "tiny").isEmpty)
    }
  }

  @Test(
    "another name for this machine is refused: DNS may say anything",
    arguments: ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "127.0.0.2", "localhost:x", ""])
  func rebinding(host: String) async throws {
    try await Page.run { page in
      let headers = "Content-Type: application/json\r\nContent-Length: \(Self.decision.utf8.count)\r\n"
      let call = try await page.client.send(
        "POST /call/decide HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\(headers)"
          + "X-Alambic-Token: \(Page.token)\r\nOrigin: http://\(host)\r\n\r\n\(Self.decision)")
      #expect(call.status == 421)
      let file = try await page.client.send("GET / HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
      #expect(file.status == 421)
      #expect(try await page.workbench.ledger.decisions(of: "tiny").isEmpty)
    }
  }

  @Test("what is no call of the page is refused, and changes nothing")
  func malformed() async throws {
    try await Page.run { page in
      let huge = "{\"corpus\": \"\(String(repeating: "x", count: 2 << 20))\"}"
      #expect(try await page.call("decide", huge).status == 413)
      for body in ["", "[", "[]", "{}", "\u{1}", Self.decision.replacing("reject", with: "burn"), "{\"corpus\": 1}"] {
        #expect(try await page.call("decide", body).status == 400, "\(body)")
      }
      #expect(try await page.call("decide", Self.decision.replacing("tiny", with: "../tiny")).status == 400)
      #expect(try await page.call("decide", Self.decision.replacing("reject", with: "edit")).status == 400)
      #expect(try await page.call("format", Self.decision).status == 404)
      let get = try await page.client.get("/call/undo", headers: Page.pageHeaders)
      #expect(get.status == 405)
      let plain = "Content-Type: text/plain\r\nContent-Length: \(Self.decision.utf8.count)\r\n"
      let form = try await page.client.send(
        "POST /call/decide HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(plain)\(Page.pageHeaders)\r\n"
          + Self.decision)
      #expect(form.status == 415)
      #expect(try await page.call("texts", "{\"corpus\": \"tiny\", \"limit\": 100000}").status == 400)
      #expect(try await page.call("texts", "{\"corpus\": \"tiny\", \"offset\": -1}").status == 400)
      #expect(try await page.workbench.ledger.decisions(of: "tiny").isEmpty)
    }
  }

  @Test("the page is whole, runs nothing but its own scripts, and is held by no other page")
  func files() async throws {
    try await Page.run { page in
      let index = try await page.client.get("/")
      #expect(index.status == 200 && index.header("Content-Type") == "text/html; charset=utf-8")
      let policy = try #require(index.header("Content-Security-Policy"))
      #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
      #expect(!policy.contains("unsafe") && index.header("X-Frame-Options") == "DENY")
      #expect(index.header("Referrer-Policy") == "no-referrer" && index.header("Cache-Control") == "no-store")
      let html = String(decoding: index.body, as: UTF8.self)
      #expect(!html.contains("http:") && !html.contains("https:") && !html.contains("style=") && !html.contains(" on"))
      for name in ["studio.css", "studio.js", "page.js", "review.js", "evaluation.js", "runs.js", "talk.js"] {
        let file = try await page.client.get("/\(name)")
        #expect(file.status == 200 && file.body.count > 100, "\(name)")
        #expect(file.header("Content-Security-Policy") == policy)
        let text = String(decoding: file.body, as: UTF8.self)
        #expect(!text.contains("innerHTML") && !text.contains("://"), "\(name)")
      }
      for path in ["/../Package.swift", "/Page/index.html", "/favicon.ico", "/call", "//"] {
        #expect(try await page.client.get(path).status == 404, "\(path)")
      }
      #expect(try await page.client.post("/", "{}").status == 405)
    }
  }
}
