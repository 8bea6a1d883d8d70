/// What a graph reads at once: a document's tokens, or a part of them. All but the last are read, all but the first are
/// predicted, and the predictions do not all count alike.
///
/// A window does not own its tokens.
public struct TokenWindow {
  /// At least two.
  public var tokens: UnsafeBufferPointer<UInt8>
  /// The first prediction that counts: those before it were counted by the window that this one overlaps.
  public var countedStart: Int
  /// The first prediction of the reply; those before it are of the prompt.
  public var replyStart: Int
  /// Of a classifier's window: the tokens that the first prediction of the reply chooses from, and nothing else counts.
  public var choices: UnsafeBufferPointer<UInt8>?
  /// Nil for a text. Else the tokens are so many for each step, which reads them as one, then an answer for each step,
  /// 0 where none counts, then a separator that nobody reads.
  public var tokensPerStep: Int?

  /// - Parameters:
  ///   - countedStart: a prediction, from 0 to as many as there are.
  ///   - replyStart: not before `countedStart`; where it is the same, all that counts is reply.
  ///   - choices: a classifier's labels, of which the window's label is one.
  public init(
    _ tokens: UnsafeBufferPointer<UInt8>, countedStart: Int = 0, replyStart: Int = 0,
    choices: UnsafeBufferPointer<UInt8>? = nil
  ) {
    precondition(tokens.count >= 2, "a window has a token to read and one to predict")
    self.tokens = tokens
    self.countedStart = countedStart
    self.replyStart = max(countedStart, replyStart)
    self.choices = choices
    precondition(0...tokens.count - 1 ~= self.replyStart, "a reply that begins behind its window")
  }

  /// A window of steps, all of whose answers count.
  public init(_ tokens: UnsafeBufferPointer<UInt8>, tokensPerStep: Int) {
    precondition(tokens.count % (tokensPerStep + 1) == 1, "a window of whole steps, their answers and a separator")
    self.init(tokens)
    self.tokensPerStep = tokensPerStep
  }

  /// How many tokens are read, and predicted; of a window of steps, how many steps.
  public var positionCount: Int { (tokens.count - 1) / (tokensPerStep.map { $0 + 1 } ?? 1) }
  /// What a position reads.
  var readCount: Int { tokensPerStep ?? 1 }
  /// What each step should answer; 0 where none counts.
  public var answers: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: tokens[readCount * positionCount..<(readCount + 1) * positionCount])
  }
  /// Predictions of the prompt, and of the reply.
  public var promptRange: Range<Int> { countedStart..<replyStart }
  public var replyRange: Range<Int> { replyStart..<positionCount }
}

/// The sums of a window's cross-entropies in nats, each prediction's as it is.
public struct WindowLoss: Hashable, Sendable {
  public var promptNats: Double
  public var replyNats: Double

  public init(promptNats: Double = 0, replyNats: Double = 0) {
    self.promptNats = promptNats
    self.replyNats = replyNats
  }

  public var nats: Double { promptNats + replyNats }

  /// What the gradient is of.
  public func weighted(promptWeight: Double) -> Double { promptWeight * promptNats + replyNats }
}

/// How much a window's predictions weigh in the gradient.
public struct LossScale<Scalar> {
  /// Of a prediction of the prompt, and of the reply.
  public var prompt: Scalar
  public var reply: Scalar

  public init(prompt: Scalar, reply: Scalar) {
    self.prompt = prompt
    self.reply = reply
  }
}
