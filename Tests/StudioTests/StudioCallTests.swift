import Basics
import Formats
import Foundation
import Ledger
import Lineage
import Studio
import TestSupport
import Testing
import Workbench

@Suite("What the studio's page asks for")
struct StudioCallTests {
  private typealias Page = StudioFixture

  @Test("texts come in an order that the seed decides, whole and once, filtered as asked")
  func texts() async throws {
    try await Page.run { page in
      let all = try await page.texts().compactMap { $0["text"] as? String }
      #expect(Set(all) == Set(Page.documents + ["> warm\n< Yes, it was.", "x"]) && all.count == 5)
      var paged: [String] = []
      for offset in 0..<6 {
        paged += try await page.texts(", \"limit\": 1, \"offset\": \(offset)").compactMap { $0["text"] as? String }
      }
      #expect(paged == all)
      var orders: Set<[String]> = []
      for seed in 0..<10 {
        orders.insert(try await page.texts(", \"seed\": \(seed)").compactMap { $0["text"] as? String })
      }
      #expect(orders.count > 2)
      let expected = [
        ("\"only\": \"kept\"", 3), ("\"only\": \"rejected\"", 2), ("\"split\": \"held-out\"", 1),
        ("\"reason\": \"too-short\"", 1), ("\"words\": \"IT IS\"", 2), ("\"only\": \"decided\"", 0),
        ("\"only\": \"undecided\"", 5),
      ]
      for (query, count) in expected { #expect(try await page.texts(", \(query)").count == count, "\(query)") }
    }
  }

  @Test("by cluster a copy comes behind its document, before all that is alone; by label there are the recipe's words")
  func orders() async throws {
    try await Page.run { page in
      let texts = try await page.texts(", \"order\": \"clusters\"").compactMap { $0["text"] as? String }
      #expect(texts.count == 5 && Array(texts.prefix(2)) == [Page.documents[1], "> warm\n< Yes, it was."])
      let choices = try await page.call("choices", "{\"corpus\": \"tiny\"}").json()
      let labels = try #require(choices["labels"] as? [[String: Any]])
      #expect(labels.count == 1 && labels[0]["words"] as? [String] == ["cold", "warm"])
      #expect(choices["hasScores"] as? Bool == false)
      // Nobody answered a prompt here.
      #expect(try await page.texts(", \"label\": \"word=cold\"").isEmpty)
      #expect(try await page.call("texts", "{\"corpus\": \"tiny\", \"label\": \"word=hot\"}").status == 400)
      #expect(try await page.call("texts", "{\"corpus\": \"tiny\", \"order\": \"odd\"}").status == 400)
    }
  }

  @Test("the lowest score comes first or last as asked, and a text without one last")
  func scores() async throws {
    try await Page.run { page in
      let judged = ["7", "-2.5", "10", "word"].enumerated().map { index, word in
        var document = Document(
          sampleID: ContentID(of: "sample"), indexInSample: index, split: .train, text: "text \(word)")
        document.judgement = word
        return document
      }
      try AtomicFile.write(try RecordFile.encode(judged), to: page.workbench.workspace.documentsFile("tiny"))
      func order(_ name: String) async throws -> [String] {
        try await page.texts(", \"only\": \"kept\", \"order\": \"\(name)\"").compactMap { $0["judgement"] as? String }
      }
      #expect(try await order("lowest-score") == ["-2.5", "7", "10", "word"])
      #expect(try await order("highest-score") == ["10", "7", "-2.5", "word"])
    }
  }

  @Test("the diversity has figures, alarms, and charts with words for those who do not see them")
  func diversity() async throws {
    try await Page.run { page in
      let answer = try await page.call("diversity", "{\"corpus\": \"tiny\"}").json()
      #expect(answer["textCount"] as? Int == 3 && (answer["summary"] as? String)?.hasPrefix("3 texts") == true)
      let charts = try #require(answer["charts"] as? [[String: String]])
      let titles = charts.compactMap { $0["title"] }
      #expect(titles.contains("Lengths") && titles.contains("Words of word: 2 of 2 found"))
      #expect(charts.allSatisfy { $0["svg"]?.hasPrefix("<svg") == true && $0["words"]?.isEmpty == false })
    }
  }

  @Test("a copy shows what makes it another text than the document that was kept")
  func twins() async throws {
    try await Page.run { page in
      let text = try #require(try await page.texts(", \"reason\": \"near-duplicate\"").first)
      #expect((text["refusal"] as? [String: Any])?["similarity"] as? Double == 0.8125)
      let twin = try #require(text["twin"] as? [String: Any])
      #expect(twin["text"] as? String == Page.documents[1])
      let pieces = try #require(twin["difference"] as? [[String: String]])
      #expect(pieces.filter { $0["side"] != "both" }.map { $0["text"] } == ["is", "was"])
    }
  }

  @Test("decisions stand in the ledger, are shown at their text, and are undone one after another")
  func decisions() async throws {
    try await Page.run { page in
      let ids = Page.documents.map { ContentID(of: $0) }
      func decide(_ index: Int, _ rest: String) async throws -> [String: Any] {
        let answer = try await page.call("decide", "{\"corpus\": \"tiny\", \"id\": \"\(ids[index])\", \(rest)}")
        #expect(answer.status == 200)
        return try answer.json()
      }
      _ = try await decide(0, "\"ruling\": \"reject\", \"reason\": \"rude\"")
      let edited = try await decide(1, "\"ruling\": \"edit\", \"newText\": \"> warm\\r\\n< Yes. \"")
      #expect((edited["decision"] as? [String: Any])?["newText"] as? String == "> warm\n< Yes.")
      let standing = try #require(edited["standing"] as? [String: Any])
      #expect(standing["count"] as? Int == 2 && standing["isWaiting"] as? Bool == true)
      let shown = try await page.texts(", \"only\": \"decided\"")
      let rulings = shown.compactMap { ($0["decision"] as? [String: Any])?["ruling"] as? String }
      #expect(Set(rulings) == ["reject", "edit"] && rulings.count == 2)
      for count in [1, 0, 0] {
        #expect(try await page.call("undo", "{\"corpus\": \"tiny\"}").status == 200)
        #expect(try page.workbench.ledger.standingDecisions(of: "tiny").count == count)
      }
      #expect(try await page.workbench.ledger.decisions(of: "tiny").count == 2)
    }
  }

  @Test("an undone decision lets the one before stand again, and the text that an edit made shows the edit")
  func before() async throws {
    try await Page.run { page in
      func decide(_ index: Int, _ rest: String) async throws {
        let id = ContentID(of: Page.documents[index])
        let answer = try await page.call("decide", "{\"corpus\": \"tiny\", \"id\": \"\(id)\", \(rest)}")
        #expect(answer.status == 200)
      }
      try await decide(0, "\"ruling\": \"accept\"")
      try await decide(0, "\"ruling\": \"edit\", \"newText\": \"> dark\\n< It is noon.\"")
      let edited = try await page.texts(", \"only\": \"decided\"")
      #expect(Set(edited.compactMap { $0["text"] as? String }) == [Page.documents[0], Page.documents[2]])
      let undone = try await page.call("undo", "{\"corpus\": \"tiny\"}").json()
      #expect((undone["decision"] as? [String: Any])?["ruling"] as? String == "edit")
      #expect((undone["before"] as? [String: Any])?["ruling"] as? String == "accept")
      let last = try await page.call("undo", "{\"corpus\": \"tiny\"}").json()
      #expect(last["before"] == nil && last["decision"] != nil)
      #expect(try await page.call("undo", "{\"corpus\": \"tiny\"}").json()["decision"] == nil)
    }
  }

  @Test("a corpus that is not so far says which command makes what is missing")
  func emptyStates() async throws {
    try await Page.run(isCurated: false) { page in
      for (name, hint) in [
        ("texts", "alambic make tiny --until curate"), ("diversity", "alambic make tiny --until curate"),
        ("talk", "alambic make tiny --until export"),
        ("evaluation", "alambic corpus show tiny"), ("runs", "alambic make NAME --until train"),
      ] {
        let answer = try await page.call(name, "{\"corpus\": \"tiny\", \"prompt\": \"x\"}")
        let error = try answer.json()["error"] as? [String: String]
        #expect(answer.status == 404 && error?["hint"] == hint, "\(name)")
      }
      let corpora = try await page.call("corpora").json()
      #expect((corpora["corpora"] as? [[String: String]])?.map { $0["name"] } == ["tiny"])
    }
  }

  @Test("a student answers with the entropy of each token, the same for the same seed")
  func talk() async throws {
    try await Page.run { page in
      let image = AtomeImageFile.write(RandomModel.make(seed: 5, shape: RandomModel.small), provenance: nil)
      try AtomicFile.write(image, to: page.workbench.workspace.image("tiny"))
      func say(_ rest: String) async throws -> Data {
        let answer = try await page.call("talk", "{\"corpus\": \"tiny\", \"prompt\": \"> cold\"\(rest)}")
        #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        return answer.body
      }
      let body = try await say(", \"limit\": 12")
      let answer = try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
      let tokens = try #require(answer["tokens"] as? [[String: Any]])
      #expect(tokens.count == 12 || answer["isComplete"] as? Bool == true)
      for token in tokens {
        let (entropy, share) = (token["entropy"] as? Double ?? -1, token["share"] as? Double ?? -1)
        #expect((0...8).contains(entropy) && (0...1).contains(share))
        // Greedily, what is said is the likeliest.
        let likeliest = (token["alternatives"] as? [[String: Any]])?.first
        #expect(likeliest?["bytes"] as? [Int] == token["bytes"] as? [Int])
        #expect(abs((likeliest?["share"] as? Double ?? 0) - share) < 1e-9)
      }
      #expect(try await say(", \"limit\": 12") == body)
      let sampled = ", \"limit\": 40, \"temperature\": 2, \"seed\": "
      #expect(try await say("\(sampled)1") == say("\(sampled)1"))
      #expect(try await say("\(sampled)1") != say("\(sampled)2"))
      #expect(try await page.call("talk", "{\"corpus\": \"tiny\", \"prompt\": \"\"}").status == 400)
      #expect(try await page.call("talk", "{\"corpus\": \"tiny\", \"prompt\": \"x\", \"limit\": 5000}").status == 400)
    }
  }
}
