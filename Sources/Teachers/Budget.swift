import Basics
import Lineage

/// A hard limit on spending: what is under way counts as if it cost the most it can.
struct Budget: Sendable {
  /// In US dollars; nil for no limit.
  let maximum: Double?
  private var spent = 0.0
  private var reserved = 0.0

  init(maximum: Double?) { self.maximum = maximum }

  /// Sets `cost` aside; false when it does not fit.
  mutating func reserve(_ cost: Double) -> Bool {
    if let maximum, spent + reserved + cost > maximum { return false }
    reserved += cost
    return true
  }

  mutating func settle(reserved cost: Double, spent actual: Double) {
    reserved -= cost
    spent += actual
  }

  var exhausted: HintedError {
    HintedError(
      "the budget of \(ReadableUnits.dollars(maximum ?? 0)) could be exceeded by the next request; "
        + "\(ReadableUnits.dollars(spent)) are spent",
      hint: "run the same command with a larger --spend-max to go on", status: .stopped)
  }
}

extension Teacher {
  /// The most that one prompt can cost, in US dollars: every byte of the prompt a token, the answer at full length.
  func worstCost(of prompt: Prompt) -> Double {
    profile.price.cost(
      of: TokenUsage(
        promptTokenCount: prompt.messages.reduce(0) { $0 + $1.content.utf8.count },
        completionTokenCount: prompt.sampling.maxTokens))
  }
}
