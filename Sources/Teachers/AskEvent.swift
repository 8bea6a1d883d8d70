import Basics
import Lineage

/// What happens while a teacher is asked; for progress and logs.
public enum AskEvent: Sendable {
  /// A stored answer serves; nothing is asked or paid.
  case reused(Sample)
  /// An answer came and is stored.
  case answered(Sample, cost: Double)
  /// The server refuses this prompt for good; the others go on.
  case refused(Prompt, TeacherRefusal)
  /// Other processes are at all that is left; this run waits for them.
  case waiting(count: Int)
  /// Something about a batch, by its name at the server.
  case batch(String, BatchMoment)
  /// An attempt failed and another follows.
  case retrying(promptIndex: Int, attempt: Int, delaySeconds: Double, detail: String)
}

/// What is to be told of a batch.
public enum BatchMoment: Hashable, Sendable {
  /// In US dollars, what it can cost at most.
  case submitted(requestCount: Int, maximumCost: Double)
  /// An earlier run submitted it.
  case found(requestCount: Int)
  case working(doneCount: Int, requestCount: Int)
  case ended(answeredCount: Int, failedCount: Int)
}

/// All that was asked, in the order of the prompts.
public struct AskOutcome: Sendable {
  /// Empty where `AskOptions.gathersSamples` is off.
  public var samples: [Sample] = []
  /// How many requests this run sent and got answered.
  public var answeredCount = 0
  /// How many answers were there before.
  public var reusedCount = 0
  /// Prompts that the server refuses for good, with its words; of this run and of earlier ones.
  public var refused: [(prompt: Prompt, refusal: TeacherRefusal)] = []
  /// Answers whose tokens the server did not count.
  public var estimatedCount = 0
  /// Answers of this run in which half a surrogate pair became U+FFFD.
  public var repairedCount = 0
  /// Of this run's answers alone.
  public var usage = TokenUsage()
  /// Of all responses to this run that were billed, in US dollars.
  public var cost = 0.0
  /// In US dollars, what attempts of this run that were sent and brought no response may have cost at most.
  public var possibleCost = 0.0

  public init() {}
}

/// What asking would take, known before the first request.
public struct AskEstimate: Hashable, Codable, Sendable {
  /// Requests without a stored answer.
  public var requestCount: Int
  public var reusedCount: Int
  /// Prompts that the server refused for good in an earlier run; they are not asked again.
  public var refusedCount: Int
  /// Estimated from the text: four UTF-8 bytes a token.
  public var promptTokenCount: Int
  /// The most that the answers may have.
  public var maximumCompletionTokenCount: Int
  /// In US dollars, if every answer is as long as it may be.
  public var maximumCost: Double
  /// Of the requests above, those that stand in batches under way.
  public var batchedCount = 0
}
