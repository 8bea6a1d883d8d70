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

  public init(
    engine: Engine, sampling: Sampling?, bytes: Int, stop: Bool, entropy: Bool, abstention: Abstention? = nil
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
  }

  /// How many bytes an answer may have.
  public static let byteCounts = 0...1_000_000

  /// Nil for the greedy choice.
  public func sampling() throws -> Sampling? {
    guard temperature > 0 else { return nil }
    return try Sampling(temperature: temperature, topK: topK, topP: topP, seed: seed)
  }

  public func request() throws -> AnswerRequest {
    var request = AnswerRequest(
      byteCount: bytes, sampling: try sampling(), stop: stop ? Document.separatorByte : nil)
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
      + (stop ? ", stops at a document's end" : "") + (entropy ? ", shows entropy" : "") + abstaining
  }
}
