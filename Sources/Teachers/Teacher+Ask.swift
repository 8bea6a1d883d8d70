import Basics
import Lineage

extension Teacher {
  /// Seconds that requests under way get to finish after a cancellation: they may be charged already.
  public static let graceSeconds: Double = 10

  /// How an `ask` goes.
  public struct AskOptions: Sendable {
    /// US dollars that this run may cost at most: no attempt starts that could exceed it; nil for no limit.
    public var spendMaximum: Double?
    /// The budget of the run that this is a part of.
    public var budget: Budget?
    /// Whether prompts that the server refused for good in an earlier run are asked again.
    public var retriesRefused: Bool
    /// Whether the run ends where most of its first answers are of no use.
    public var checksFirstAnswers: Bool
    /// Whether the outcome holds all samples, which takes memory.
    public var gathersSamples: Bool
    /// Whether a sample's text begins with its prompt.
    public var keepsPrompt: Bool
    /// Whether anything of an answer is left once it is curated; an answer that ended by itself and has a text is,
    /// unless told otherwise.
    public var isUsable: @Sendable (Sample) -> Bool
    /// Whether requests are handed in as batches, for less.
    public var batches = false
    /// Whether batches under way are given up first.
    public var forgetsBatches = false
    public var batchPolicy = BatchPolicy()

    public init(
      spendMaximum: Double? = nil, within budget: Budget? = nil, retriesRefused: Bool = false,
      checksFirstAnswers: Bool = true, gathersSamples: Bool = true, keepsPrompt: Bool = false,
      isUsable: @escaping @Sendable (Sample) -> Bool = { $0.finishReason == .stop && !$0.isBlank }
    ) {
      self.spendMaximum = spendMaximum
      self.budget = budget
      self.retriesRefused = retriesRefused
      self.checksFirstAnswers = checksFirstAnswers
      self.gathersSamples = gathersSamples
      self.keepsPrompt = keepsPrompt
      self.isUsable = isUsable
    }
  }

  /// Asks every prompt that `store` has no answer to, several at once, and returns all samples in the prompts' order.
  /// Prompts that the server refuses for good have none.
  ///
  /// Cancelling the task starts no new request, waits `graceSeconds` for those under way, stores what they bring, and
  /// ends with the status `stopped`.
  /// - Parameter onEvent: called from any task, in no particular order.
  /// - Throws: `HintedError` when all requests would fail, the budget ends or the task was cancelled; whatever was
  ///   answered is stored, and the same call goes on from there.
  public func ask(
    _ prompts: PromptStream, store: any AnswerStore, options: AskOptions = AskOptions(),
    onEvent: @escaping @Sendable (AskEvent) async -> Void = { _ in }
  ) async throws -> AskOutcome {
    let worker = AskWorker(
      teacher: self, store: store, pacer: Pacer(profile.pace),
      budget: Budget(maximum: options.spendMaximum, within: options.budget), onEvent: onEvent)
    return try await withTaskCancellationHandler {
      try await Stopping.waits(for: "answers that are under way and may be charged") {
        try await run(prompts, worker, options)
      }
    } onCancel: {
      worker.stop.raise()
    }
  }

  private func run(
    _ prompts: PromptStream, _ worker: AskWorker, _ options: AskOptions
  ) async throws -> AskOutcome {
    if options.forgetsBatches {
      var desk = try BatchDesk(worker, policy: options.batchPolicy)
      try await desk.forgetAll()
    }
    if options.batches {
      var session = try BatchSession(worker: worker, options: options)
      return try await session.run(prompts)
    }
    var session = AskSession(worker: worker, options: options)
    return try await session.run(prompts)
  }

  /// The same for a few prompts.
  public func ask(
    _ prompts: [Prompt], store: any AnswerStore, options: AskOptions = AskOptions(),
    onEvent: @escaping @Sendable (AskEvent) async -> Void = { _ in }
  ) async throws -> AskOutcome {
    try await ask(PromptStream(prompts), store: store, options: options, onEvent: onEvent)
  }
}
