import Basics
import Foundation
import Intake
import Model

/// Spoken words as WAV files: `train/`, `validate/`, `test/`, below those any folders, the last of which is the word.
public struct ClipFolder: Sendable {
  /// Whose voices: training reads the first, thresholds are chosen on the second, figures are of the third.
  public enum Side: String, Codable, CaseIterable, Sendable {
    case train, validate, test
  }

  public struct Clip: Sendable {
    public var path: String
    public var side: Side
    public var word: String
  }

  public let root: String
  public let clips: [Clip]
  /// Those that are asked for.
  public let sides: [Side]

  /// - Parameter only: take this side alone; others may be missing.
  /// - Throws: `HintedError` for a folder without clips on one side.
  public init(_ root: String, only: Side? = nil) throws {
    (self.root, sides) = (root, only.map { [$0] } ?? Side.allCases)
    let wanted = Set(sides)
    guard let names = try? FileManager.default.subpathsOfDirectory(atPath: root) else {
      throw HintedError("there is no folder \(root)", hint: "scripts/speak-words \(root) --word WORD makes one")
    }
    clips = names.filter { $0.lowercased().hasSuffix(".wav") }.sorted().compactMap { name in
      let parts = name.split(separator: "/").map(String.init)
      guard parts.count >= 3, let side = Side(rawValue: parts[0]), wanted.contains(side) else { return nil }
      return Clip(path: "\(root)/\(name)", side: side, word: parts[parts.count - 2])
    }
    for side in sides where !clips.contains(where: { $0.side == side }) {
      throw HintedError(
        "\(root)/\(side.rawValue) has no .wav file",
        hint: "clips are \(root)/\(side.rawValue)/SPEAKER/WORD/NAME.wav; nobody speaks on two sides")
    }
  }

  /// What is said in a clip, at 16 kHz, from -1 to 1: silence at its ends is cut off.
  /// - Throws: `HintedError` for a file that is no sound.
  public static func sound(_ path: String, resamplers: inout [Int: Resampler]) throws -> [Double] {
    let file = try WaveFile(path)
    let resampler = resamplers[file.rate] ?? Resampler(from: file.rate, to: MelFrontEnd.sampleRate)
    resamplers[file.rate] = resampler
    let samples = resampler.resample(file.samples)
    let limit = (samples.map(abs).max() ?? 0) * 0.02
    guard limit > 0, let first = samples.firstIndex(where: { abs($0) > limit }),
      let last = samples.lastIndex(where: { abs($0) > limit })
    else {
      throw HintedError("\(path) is silent", hint: "leave it out, or record it anew")
    }
    return Array(samples[first...last])
  }
}
