import Basics
import Lineage
import Synchronization

/// A hard limit on spending, of one run. Every attempt is set aside at the most that it can cost before it is sent, and
/// settled at what its response cost, whatever came of it.
///
/// What is asked within a larger run has a budget of its own, which knows what it spent, inside the run's, which has
/// the limit: however many ask at the same time, together they stay below it.
public final class Budget: Sendable {
  /// In US dollars; nil for no limit.
  let maximum: Double?
  private let whole: Budget?
  private let state = Mutex(State())

  private struct State {
    var spent = 0.0
    var reserved = 0.0
    /// Of attempts that were sent and brought no response: whether they were billed is unknown, so it stays set aside.
    var possible = 0.0
  }

  /// - Parameter whole: the budget of all that this is a part of.
  public init(maximum: Double?, within whole: Budget? = nil) {
    self.maximum = maximum
    self.whole = whole
  }

  /// Sets `cost` aside; false when it does not fit.
  func reserve(_ cost: Double) -> Bool {
    let fits = state.withLock { state in
      if let maximum, state.spent + state.possible + state.reserved + cost > maximum { return false }
      state.reserved += cost
      return true
    }
    guard fits, let whole, !whole.reserve(cost) else { return fits }
    state.withLock { $0.reserved -= cost }
    return false
  }

  /// Sets aside what is on its way already, whatever the limit.
  func reserveAnyway(_ cost: Double) {
    state.withLock { $0.reserved += cost }
    whole?.reserveAnyway(cost)
  }

  /// Whether there may be room once what others have set aside is settled. Sums of parts leave a rest that is none.
  var mayGetRoom: Bool {
    guard let whole else { return false }
    return whole.state.withLock { $0.reserved } - state.withLock { $0.reserved } > 1e-9
  }

  func settle(reserved cost: Double, spent actual: Double, possible: Double = 0) {
    whole?.settle(reserved: cost, spent: actual, possible: possible)
    state.withLock { state in
      state.reserved -= cost
      state.spent += actual
      state.possible += possible
    }
  }

  /// What attempts without a response may have cost at most, in US dollars.
  var possible: Double { state.withLock { $0.possible } }

  /// Of this run, in US dollars.
  var spent: Double { state.withLock { $0.spent } }

  var exhausted: HintedError {
    if maximum == nil, let whole { return whole.exhausted }
    return HintedError(
      "the budget of \(ReadableUnits.dollars(maximum ?? 0)) could be exceeded by the next request; "
        + "\(ReadableUnits.dollars(spent)) are spent"
        + (possible > 0 ? ", up to \(ReadableUnits.dollars(possible)) more by attempts that brought no response" : ""),
      hint: "run the same command with a larger --spend-max to go on", code: .budgetSpent)
  }
}

extension Teacher {
  /// The most that one prompt can cost, in US dollars: every byte of the prompt a token, the answer at full length.
  public func worstCost(of prompt: Prompt) -> Double {
    profile.price.cost(
      of: TokenUsage(
        promptTokenCount: prompt.messages.reduce(0) { $0 + $1.content.utf8.count },
        completionTokenCount: prompt.sampling.maxTokens * (prompt.sampling.n ?? 1)))
  }
}

extension TokenUsage {
  /// UTF-8 bytes that a token has, about.
  private static let bytesPerToken = 4

  /// What a server that does not count has probably counted.
  static func estimate(of request: TeacherRequest, answer byteCount: Int) -> TokenUsage {
    TokenUsage(
      promptTokenCount: (request.payload.utf8.count + bytesPerToken - 1) / bytesPerToken,
      completionTokenCount: (byteCount + bytesPerToken - 1) / bytesPerToken)
  }
}
