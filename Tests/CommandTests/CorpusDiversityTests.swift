import Basics
import Foundation
import TestSupport
import Testing

@Suite("alambic corpus diversity")
struct CorpusDiversityTests {
  @Test("a corpus shows which words of its lists arrived, and leaves charts")
  func corpus() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      _ = try await project.make("--until curate")
      let outcome = try await project("corpus diversity tiny --json --output \(folder)/charts")
      #expect(outcome.status == 0, "\(outcome)")
      let report = try outcome.json()
      let coverage = try #require(report["coverage"] as? [[String: Any]])
      let labels = try #require(
        coverage.first { $0["list"] as? String == "topic" && $0["kind"] as? String == "labels" })
      let words = try #require(labels["words"] as? [[String: Any]])
      // 24 prompts are of some topics, and each document is of one prompt.
      let counts = words.compactMap { $0["documentCount"] as? Int }
      #expect(counts.reduce(0, +) == report["textCount"] as? Int && counts == counts.sorted())
      #expect((labels["foundCount"] as? Int ?? 0) > 5)
      #expect((report["compressionRatio"] as? Double ?? 0) > 1.5)
      #expect((report["byteCounts"] as? [Int])?.reduce(0, +) == report["byteCount"] as? Int)
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/charts")
      #expect(
        Set(["report.json", "lengths.svg", "openings.svg", "labels-topic.svg", "words-person.svg"]).isSubset(of: names))
      let text = try await project("corpus diversity tiny").standardOutput
      #expect(text.contains("times shorter") && text.contains("in prompts"))
      // Review by label gives texts of that word's prompts alone.
      let word = try #require(words.last?["text"] as? String)
      let review = try await project.alambic.run(
        ["corpus", "review", "tiny", "--label", "topic=\(word)", "--only", "kept", "--limit", "10000"],
        environment: ["ALAMBIC_PROJECT": folder], input: String(repeating: "a\n", count: counts.last ?? 0))
      #expect(review.standardError.hasPrefix("\(counts.last ?? 0) decided now"), "\(review)")
      let unknown = try await project("corpus review tiny --label topic=none")
      #expect(unknown.status == 64 && unknown.standardError.contains("lists: person, topic"), "\(unknown)")
    }
  }

  @Test("asking says once that answers begin alike, and goes on")
  func asking() async throws {
    try await ForeignTeacherTests.withProject(prompting: "") { request in
      let texts = (0..<12).map { "Once upon a time there was number \(12 * request.number + $0)." }
      return ForeignTeacherTests.answer(texts.joined(separator: "\\n\\n"))
    } _: { project, _ in
      let outcome = try await project("ask tiny")
      #expect(outcome.status == 0 && outcome.standardError.contains("24 answers"), "\(outcome)")
      let alarms = outcome.standardError.split(separator: "\n").filter { $0.contains("100 % begin with 'Once upon a'") }
      #expect(alarms.count == 1, "\(outcome.standardError)")
    }
  }
}
