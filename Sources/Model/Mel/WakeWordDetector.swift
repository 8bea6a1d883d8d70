import Formats
import Networks

/// From sound, or its bytes, and a student's logits to whether a word was said: the twin of `atome_wake_step`.
public struct WakeWordDetector {
  /// What 32 ms of sound say.
  public struct Answer: Hashable, Sendable {
    /// How much more likely the student finds that the word was just said than that it was not, in the image's unit.
    public var score: Int32
    /// Once for each time that it was said.
    public var isHeard: Bool

    package init(score: Int32, isHeard: Bool) { (self.score, self.isHeard) = (score, isHeard) }
  }

  /// What a student answers: the word was just said, or it was not.
  public static let saidByte: UInt8 = 1
  public static let otherByte: UInt8 = 2
  /// What a board's detector takes beside the engine's work memory: `ATOME_WAKE_BYTES`.
  public static let memoryByteCount = 2704

  private let threshold: Int32
  private let pause: Int
  private var frontEnd = MelFrontEnd()
  private var engine: any JointLogitSource
  private var left = 0

  /// - Parameter engine: one that read nothing yet.
  public init(_ file: WakeWordFile, engine: any JointLogitSource) {
    (threshold, pause, self.engine) = (file.threshold, file.pause, engine)
  }

  /// - Parameter samples: the next 512 at 16 kHz.
  public mutating func step(_ samples: some RandomAccessCollection<Int16>) throws -> Answer {
    try step(bytes: frontEnd.step(samples))
  }

  /// - Parameter bytes: what the front end gave for the next step: the student reads them as one.
  public mutating func step(bytes: [UInt8]) throws -> Answer {
    let logits = try engine.step(together: bytes)
    let score = Int32(logits[Int(Self.saidByte)]) - Int32(logits[Int(Self.otherByte)])
    let isHeard = score >= threshold && left == 0
    left = isHeard ? pause : max(0, left - 1)
    return Answer(score: score, isHeard: isHeard)
  }
}
