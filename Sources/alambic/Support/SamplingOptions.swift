import ArgumentParser
import Basics
import Lineage

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
    let thousandths = try temperature.map { try Self.thousandths("--temperature", $0) } ?? 0
    guard thousandths > 0 else {
      for (flag, isGiven) in [("--top-k", topK != nil), ("--top-p", topP != nil), ("--seed", seed != nil)] where isGiven
      {
        throw HintedError(
          "\(flag) has no use without a temperature: the most probable byte is chosen",
          hint: "add --temperature 1, say", status: .usage)
      }
      return nil
    }
    let share = try topP.map { try Self.thousandths("--top-p", $0) } ?? Sampling.topPs.upperBound
    try Self.check("--temperature", temperature, thousandths, in: Sampling.temperatures)
    try Limits.check("--top-k", topK ?? Sampling.topKs.upperBound, in: Sampling.topKs)
    try Self.check("--top-p", topP, share, in: Sampling.topPs)
    return try Sampling(
      temperature: thousandths, topK: topK ?? Sampling.topKs.upperBound, topP: share, seed: seed ?? 0)
  }

  /// A decimal number in thousandths, exactly.
  private static func thousandths(_ flag: String, _ text: String) throws -> Int {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? String(parts[1]) : ""
    let digits = parts[0] + fraction + String(repeating: "0", count: max(0, 3 - fraction.count))
    guard !parts[0].isEmpty, fraction.count <= 3, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let value = Int(digits)
    else {
      throw HintedError(
        "\(flag) is '\(text)', not a number with at most three decimals", hint: "for example 0.8", status: .usage)
    }
    return value
  }

  private static func check(_ flag: String, _ text: String?, _ value: Int, in range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw HintedError(
        "\(flag) is \(text ?? ""), outside \(Double(range.lowerBound) / 1000)…\(range.upperBound / 1000)",
        hint: "choose a value in that range", status: .usage)
    }
  }
}
