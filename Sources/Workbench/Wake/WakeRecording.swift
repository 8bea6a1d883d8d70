import Basics
import Foundation
import Intake
import Model

/// A recording as a board hears it: 16 kHz, 16 bits, whole steps.
public struct WakeRecording: Sendable {
  public let samples: [Int16]

  /// - Throws: `HintedError` for a file that is no sound, or shorter than a step.
  public init(_ path: String) throws {
    let file = try WaveFile(path)
    let sound = Resampler(from: file.rate, to: MelFrontEnd.sampleRate).resample(file.samples)
    let count = sound.count / MelFrontEnd.stepSampleCount * MelFrontEnd.stepSampleCount
    guard count > 0 else {
      throw HintedError("\(path) is shorter than 32 ms", hint: "record it anew")
    }
    samples = sound.prefix(count).map { Int16(max(-32768, min(32767, ($0 * 32768).rounded()))) }
  }

  /// Little-endian.
  public var bytes: [UInt8] {
    samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }

  /// At which second a step ends.
  public static func time(ofStep step: Int) -> Double {
    Double((step + 1) * MelFrontEnd.stepSampleCount) / Double(MelFrontEnd.sampleRate)
  }
}

extension WakeScoring {
  /// Of each 32 ms.
  public func answers(to recording: WakeRecording) throws -> [WakeWordDetector.Answer] {
    var detector = try detector()
    let step = MelFrontEnd.stepSampleCount
    return try stride(from: 0, to: recording.samples.count, by: step).map {
      try detector.step(recording.samples[$0..<$0 + step])
    }
  }
}
