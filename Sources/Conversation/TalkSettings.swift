import Lineage
import Networks

/// What decides an answer in a talk, beside the prompt. Every engine gives the same bytes.
public struct TalkSettings: Hashable, Codable, Sendable {
  public enum Engine: String, CaseIterable, Codable, Sendable { case swift, c, qemu }

  public var engine: Engine
  /// In thousandths; 0 is the greedy choice.
  public var temperature: Int
  public var topK: Int
  /// In thousandths.
  public var topP: Int
  public var seed: UInt64
  /// How many bytes to generate.
  public var bytes: Int
  /// Whether the byte that ends a document ends an answer.
  public var stop: Bool
  /// Whether the routers' entropy is shown.
  public var entropy: Bool
  public var abstention: Abstention?
  /// A prompt is a request, and an answer its reply; nil where an answer continues the prompt as it stands.
  public var dialogue: DialogueMarks?

  public init(
    engine: Engine, sampling: Sampling?, bytes: Int, stop: Bool, entropy: Bool, abstention: Abstention? = nil,
    dialogue: DialogueMarks? = nil
  ) {
    self.engine = engine
    temperature = sampling?.temperature ?? 0
    topK = sampling?.topK ?? Sampling.topKs.upperBound
    topP = sampling?.topP ?? Sampling.topPs.upperBound
    seed = sampling?.seed ?? 0
    self.bytes = bytes
    self.stop = stop
    self.entropy = entropy
    self.abstention = abstention
    self.dialogue = dialogue
  }

  /// How many bytes an answer may have.
  public static let byteCounts = 0...1_000_000

  /// Nil for the greedy choice.
  public func sampling() throws -> Sampling? {
    guard temperature > 0 else { return nil }
    return try Sampling(temperature: temperature, topK: topK, topP: topP, seed: seed)
  }

  /// What a model reads of a line.
  /// - Throws: `HintedError` for what is no request of a dialogue.
  public func prompt(_ line: [UInt8]) throws -> [UInt8] { try dialogue?.prompt(line) ?? line }

  public func request() throws -> AnswerRequest {
    let ends = dialogue != nil ? [DialogueMarks.lineEnd, Document.separatorByte] : stop ? [Document.separatorByte] : []
    var request = AnswerRequest(
      byteCount: bytes, sampling: try sampling(), stops: ends)
    request.wantsEntropies = entropy
    request.abstention = abstention
    return request
  }
}

extension TalkSettings: CustomStringConvertible {
  /// `engine swift, greedy, 80 bytes`.
  public var description: String {
    let choice =
      temperature == 0
      ? "greedy"
      : "temperature \(Double(temperature) / 1000), top k \(topK), top p \(Double(topP) / 1000), seed \(seed)"
    let abstaining = abstention.map { ", abstains above \($0.limit)" } ?? ""
    return "engine \(engine.rawValue), \(choice), \(bytes) bytes"
      + (dialogue != nil ? ", a dialogue" : stop ? ", stops at a document's end" : "")
      + (entropy ? ", shows entropy" : "") + abstaining
  }
}
