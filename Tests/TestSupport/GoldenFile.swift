import Basics
import Foundation

/// What the published C engine said: prompts, greedy continuations, and the logits at each prompt's last byte.
public struct GoldenFile: Decodable, Sendable {
  public struct Case: Decodable, Sendable {
    public var name: String
    public var prompt: [UInt8]
    /// The greedy continuation, T = 64.
    public var greedy: [UInt8]
    public var logits: [Float]
  }
  public var cases: [Case]

  /// Reads `<name>` of the goldens, or of `../shared/data`.
  public init(shared name: String) throws {
    guard let path = SharedData.path(name) else { throw HintedError(SharedData.skipReason) }
    self = try CanonicalJSON.decode(GoldenFile.self, from: try AtomicFile.read(path))
  }
}
