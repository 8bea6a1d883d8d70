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

  @Test("needs one thing to measure")
  func refusals() async throws {
    for line in ["bench", "bench none.atome --training atome-60k"] {
      expect(
        try await AlambicCommand(in: "/")(line),
        is: .refusal(
          64, "bench needs an image or --training, one of them", hint: "for example `alambic bench model.atome`"))
    }
  }
}
