import ArgumentParser
import Basics
import Lineage
import Networks

/// How bytes are drawn from a model's logits.
struct SamplingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Sample at this temperature, 0.01 to 100; 0 is the greedy choice (default: 0).", valueName: "number"))
  var temperature: String?
  @Option(
    help: ArgumentHelp("Sample from this many of the most probable bytes, 1 to 256 (default: 256).", valueName: "count")
  )
  var topK: Int?
  @Option(
    help: ArgumentHelp(
      "Sample from the most probable bytes that have this share together, 0.001 to 1 (default: 1).",
      valueName: "share"))
  var topP: String?
  @Option(help: ArgumentHelp("The seed that decides what is drawn (default: 0).", valueName: "number"))
  var seed: UInt64?

  /// Nil for the greedy choice.
  /// - Throws: `HintedError` for a value outside its limits, or one that has no use.
  func requested() throws -> Sampling? {
    let thousandths = try temperature.map { try Sampling.thousandths("--temperature", $0) } ?? 0
    guard thousandths > 0 else {
      for (flag, isGiven) in [("--top-k", topK != nil), ("--top-p", topP != nil), ("--seed", seed != nil)] where isGiven
      {
        throw HintedError(
          "\(flag) requires a temperature: the most probable byte is chosen",
          hint: "add --temperature 1, say", status: .usage)
      }
      return nil
    }
    _ = try temperature.map { try Sampling.thousandths("--temperature", $0, in: Sampling.temperatures) }
    try Limits.check("--top-k", topK ?? Sampling.topKs.upperBound, in: Sampling.topKs)
    let share =
      try topP.map { try Sampling.thousandths("--top-p", $0, in: Sampling.topPs) } ?? Sampling.topPs.upperBound
    return try Sampling(
      temperature: thousandths, topK: topK ?? Sampling.topKs.upperBound, topP: share, seed: seed ?? 0)
  }
}
