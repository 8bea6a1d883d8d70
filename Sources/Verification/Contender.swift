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
  /// - Parameters:
  ///   - makeEngine: gives an engine in its empty state, for a context of so many positions.
  ///   - makeCoder: gives what encodes and decodes texts; asked for where the vectors have some.
  public init(
    name: String, makeEngine: @escaping @Sendable (_ contextLength: Int) throws -> any LogitSource,
    makeCoder: @escaping @Sendable () throws -> any TextCoder
  ) {
    self.init(name: name) { vectors in
      var engine = try makeEngine(vectors.contextLength)
      var transcript = try Transcript(of: &engine, answering: vectors)
      if !vectors.texts.isEmpty {
        var coder = try makeCoder()
        transcript.textAnswers = Transcript.textAnswers(of: &coder, to: vectors)
      }
      return Answer(transcript)
    }
  }
}

extension Transcript {
  /// What a coder makes of the texts, and of the tokens that they become.
  public static func textAnswers(of coder: inout some TextCoder, to vectors: VerificationVectors) -> [TextAnswer] {
    vectors.texts.map { text in
      coder.begin()
      return TextAnswer(steps: (0...text.count).map { step(of: &coder, at: $0, in: text) })
    }
  }

  /// - Parameter position: of the byte that is put; the text's byte count for its end.
  private static func step(of coder: inout some TextCoder, at position: Int, in text: [UInt8]) -> [Token] {
    var tokens: [UInt8] = []
    if position < text.count {
      coder.put(text[position], to: &tokens)
    } else {
      coder.finish(to: &tokens)
    }
    return tokens.map { Token(token: $0, text: coder.text(of: $0)) }
  }

  /// What an engine answers to the prompts: each from an empty state, continued greedily or by the engine's sampler.
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
