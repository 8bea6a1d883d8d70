import Basics
import Formats
import Networks

/// One way to compute a model: an engine, a compiler's build of it, a core.
public struct Contender: Sendable {
  /// Stands in the report: `C engine, gcc -O2`.
  public var name: String
  /// Its window, where it has no room for the vectors' own; the reference then answers once more with the same.
  public var contextLength: Int?
  /// Answers the vectors.
  public var answer: @Sendable (VerificationVectors) async throws -> Answer

  /// A transcript, and how it came about.
  public struct Answer: Sendable {
    public var transcript: Transcript
    /// Versions of the compiler and the emulator.
    public var tools: [String]
    /// What the compiler was told.
    public var flags: String
    /// What the firmware takes of its board; nil where there is none.
    public var firmware: VerificationReport.Firmware?

    public init(
      _ transcript: Transcript, tools: [String] = [], flags: String = "", firmware: VerificationReport.Firmware? = nil
    ) {
      self.transcript = transcript
      self.tools = tools
      self.flags = flags
      self.firmware = firmware
    }
  }

  public init(
    name: String, contextLength: Int? = nil,
    answer: @escaping @Sendable (VerificationVectors) async throws -> Answer
  ) {
    self.name = name
    self.contextLength = contextLength
    self.answer = answer
  }
}

// MARK: - Engines in this process

extension Contender {
  /// An engine of this process.
  /// - Parameter makeEngine: gives an engine in its empty state, for a context of so many positions.
  public init(
    name: String, makeEngine: @escaping @Sendable (_ contextLength: Int) throws -> any LogitSource
  ) {
    self.init(name: name) { vectors in
      var engine = try makeEngine(vectors.contextLength)
      return Answer(try Transcript(of: &engine, answering: vectors))
    }
  }
}

extension Transcript {
  /// What an engine answers: each prompt from an empty state, continued greedily or by the engine's sampler.
  public init(of engine: inout some LogitSource, answering vectors: VerificationVectors) throws {
    var answers: [Answer] = []
    for index in vectors.prompts.indices {
      try Task.checkCancellation()
      answers.append(try Self.answer(of: &engine, to: index, of: vectors))
    }
    self.init(answers: answers)
  }

  private static func answer(
    of engine: inout some LogitSource, to index: Int, of vectors: VerificationVectors
  ) throws -> Answer {
    let prompt = vectors.prompts[index]
    var sampler = try engine.sampler(vectors.sampling(ofPrompt: index), stream: UInt64(index))
    var answer = Answer(generated: [], logitBits: [])
    answer.logitBits.reserveCapacity(vectors.logitCount(ofPrompt: index))
    engine.reset()
    for position in 0..<vectors.positionCount(ofPrompt: index) {
      let byte = position < prompt.count ? prompt[position] : answer.generated[position - prompt.count]
      let logits = try engine.step(byte)
      if vectors.hasLogits { answer.logitBits += logits.map(engine.logitKind.bits) }
      if position >= prompt.count - 1 { answer.generated.append(sampler.next(logits)) }
    }
    return answer
  }
}
