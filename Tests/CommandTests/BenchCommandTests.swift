import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

@Suite("alambic bench")
struct BenchCommandTests {
  private struct Rounds: Decodable {
    var best: Double
    var median: Double
    var count: Int
  }

  private struct Inference: Decodable {
    struct Bench: Decodable {
      struct Rate: Decodable {
        var engine: String
        var prefill: Rounds
        var generation: Rounds
      }
      var image: ContentID
      var byteCount: Int
      var rates: [Rate]
      var prefillRatio: Rounds
    }
    var schema: String
    var bench: Bench
  }

  @Test("both engines, as many rounds as asked, the median never above the best")
  func inference() async throws {
    try await withTemporaryFolder { folder in
      let image = AtomeImageFile.write(RandomModel.make(seed: 5, shape: RandomModel.small), provenance: nil)
      try AtomicFile.write(image, to: "\(folder)/small.atome")
      let outcome = try await AlambicCommand(in: folder)("bench small.atome --bytes 40 --rounds 3 --json")
      #expect(outcome.status == 0, "\(outcome)")
      let answer = try JSONDecoder().decode(Inference.self, from: Data(outcome.standardOutput.utf8))
      #expect(answer.schema == "alambic.bench/1" && answer.bench.byteCount == 40)
      #expect(answer.bench.image == ContentID(of: image))
      #expect(answer.bench.rates.map(\.engine) == ["swift", "c"])
      for rate in answer.bench.rates.flatMap({ [$0.prefill, $0.generation] }) {
        #expect(rate.count == 3 && rate.best >= rate.median && rate.median > 0)
      }
      let text = try await AlambicCommand(in: folder)("bench small.atome --bytes 40 --rounds 3")
      #expect(text.standardOutput.contains("c over swift: reading "))
    }
  }

  private struct Training: Decodable {
    struct Bench: Decodable {
      var operationsPerStep: Double
      var secondsPerStep: Rounds
      var shareOfPeak: Double
    }
    var bench: Bench
  }

  @Test("a training step's operations are the stated count")
  func training() async throws {
    let outcome = try await AlambicCommand(in: "/")(
      "bench --training atome-60k --batch 2 --window 16 --threads 1 --rounds 5 --json")
    #expect(outcome.status == 0, "\(outcome)")
    let bench = try JSONDecoder().decode(Training.self, from: Data(outcome.standardOutput.utf8)).bench
    // Four layers of 64 x (16 + 16 + 64 + 3) and 64 x 5 weights, 256 x 64 of the unembedding; 4 x 16 x 17 of scores.
    let weights: Double = 4 * (64 * 99 + 64 * 5) + 256 * 64
    let scores: Double = 4 * 16 * 17
    #expect(bench.operationsPerStep == 32 * (6 * weights + scores))
    #expect(bench.secondsPerStep.best <= bench.secondsPerStep.median && bench.shareOfPeak > 0)
  }

  private struct Sweep: Decodable {
    struct Cell: Decodable {
      var windowTokenCount: Int
      var batchCount: Int
      var nanosecondsPerByte: Rounds
    }
    struct Curve: Decodable {
      var preset: String
      var cells: [Cell]
      var cost: [String: Double]
    }
    struct Found: Decodable { var curves: [Curve] }
    var schema: String
    var sweep: Found
  }

  @Test("a sweep measures every size of every shape once a round, and writes a page and a picture")
  func sweep() async throws {
    try await withTemporaryFolder { folder in
      let outcome = try await AlambicCommand(in: folder)(
        "bench --training gpt-6k --training atome-54k --sweep --window 256 --batch 8 --rounds 1 --page cost.md "
          + "--json --quiet"
      )
      #expect(outcome.status == 0 && outcome.standardError.isEmpty, "\(outcome)")
      let answer = try JSONDecoder().decode(Sweep.self, from: Data(outcome.standardOutput.utf8))
      #expect(answer.schema == "alambic.sweep/1" && answer.sweep.curves.map(\.preset) == ["gpt-6k", "atome-54k"])
      for curve in answer.sweep.curves {
        #expect(
          curve.cells.map { [$0.windowTokenCount, $0.batchCount] }
            == [64, 128, 256].flatMap { window in [4, 8].map { [window, $0] } })
        #expect(curve.cells.allSatisfy { $0.nanosecondsPerByte.best > 0 && $0.nanosecondsPerByte.count >= 1 })
        #expect(curve.cost.count == 4 && curve.cost.values.allSatisfy { $0.isFinite && $0 >= 0 })
      }
      let page = String(decoding: try AtomicFile.read("\(folder)/cost.md"), as: UTF8.self)
      #expect(
        page.contains(
          "alambic bench --training gpt-6k --training atome-54k --sweep --window 256 --batch 8 --rounds 1 --page"))
      #expect(page.contains("## atome-54k") && page.contains("(cost.svg)") && page.contains("\n| 256 | "))
      let picture = String(decoding: try AtomicFile.read("\(folder)/cost.svg"), as: UTF8.self)
      // Six sizes of each shape, and its key.
      #expect(picture.split(separator: "<circle").count - 1 == 2 * 7)
    }
  }

  @Test("several images make a page")
  func inferencePage() async throws {
    try await withTemporaryFolder { folder in
      for (name, seed) in [("one", UInt64(5)), ("two", 6)] {
        let image = AtomeImageFile.write(RandomModel.make(seed: seed, shape: RandomModel.small), provenance: nil)
        try AtomicFile.write(image, to: "\(folder)/\(name).atome")
      }
      let outcome = try await AlambicCommand(in: folder)(
        "bench one.atome two.atome --bytes 20 --rounds 2 --page speed.md --json")
      #expect(outcome.status == 0, "\(outcome)")
      let benches = try #require(try outcome.json()["benches"] as? [[String: Any]])
      #expect(benches.count == 2)
      let page = String(decoding: try AtomicFile.read("\(folder)/speed.md"), as: UTF8.self)
      #expect(
        page.contains("\nalambic bench one.atome two.atome --bytes 20 --context 64 --rounds 2 --page speed.md\n")
          && page.contains("2 rounds of 20 bytes"))
      #expect(page.split(separator: "\n").count { $0.hasPrefix("| \(RandomModel.small), float | ") } == 4)
    }
  }

  @Test("needs one thing to measure")
  func refusals() async throws {
    for line in [
      "bench", "bench none.atome --training atome-60k", "bench none.atome --vocabulary a.txt", "bench --healing a.zst",
    ] {
      expect(
        try await AlambicCommand(in: "/")(line),
        is: .refusal(
          64, "bench needs an image, --training or --vocabulary, one of them",
          hint: "for example `alambic bench model.atome`"))
    }
    expect(
      try await AlambicCommand(in: "/")("bench --vocabulary a.txt --page a.md"),
      is: .refusal(64, "--page is for images and sweeps", hint: "take --json"))
    for (line, message) in [
      ("bench --training atome-60k --training gpt-60k", "--training names several shapes"),
      ("bench --training atome-60k --page a.md", "--page requires --sweep"),
    ] {
      expect(try await AlambicCommand(in: "/")(line), is: .refusal(64, message, hint: "add --sweep"))
    }
  }
}
