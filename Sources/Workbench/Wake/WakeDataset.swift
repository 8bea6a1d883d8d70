import Basics
import Foundation
import Intake
import Model

/// Records for a student from clips: each word in noise, louder or softer, often behind another word.
public struct WakeDataset: Sendable {
  public struct Settings: Hashable, Sendable {
    public var word: String
    public var seed: UInt64 = 0
    /// Records of each clip of the wake word. There is one of each other clip; `train` has this many times as many.
    public var wordCopyCount = 4
    static let trainingFactor = (word: 3, other: 2)
    /// In `train` each sound is played faster or slower by up to so many octaves, which moves pitch and formants, too:
    /// as many voices more.
    static let warpOctaves = 0.3
    /// Steps of a record: 1.6 s.
    public var stepCount = 50
    /// A word ends at most so many steps before its record.
    static let tailStepCount = 20

    public init(word: String) { self.word = word }
  }

  private struct Sound {
    var samples: [Double]
    var word: String
  }

  public let settings: Settings

  public init(_ settings: Settings) { self.settings = settings }

  /// - Throws: `HintedError` for a folder without the word, and for clips that are no sound.
  public func records(of folder: ClipFolder) throws -> [WakeRecord] {
    var resamplers: [Int: Resampler] = [:]
    return try ClipFolder.Side.allCases.enumerated().flatMap { number, side in
      guard folder.sides.contains(side) else { return [WakeRecord]() }
      let sounds = try folder.clips.filter { $0.side == side }.map {
        Sound(samples: try ClipFolder.sound($0.path, resamplers: &resamplers), word: $0.word)
      }
      return try records(of: sounds, side, SeededGenerator(seed: settings.seed).stream(UInt64(number)), folder.root)
    }
  }

  private func records(
    of sounds: [Sound], _ side: ClipFolder.Side, _ generator: SeededGenerator, _ root: String
  ) throws -> [WakeRecord] {
    let words = sounds.filter { $0.word == settings.word }
    let others = sounds.filter { $0.word != settings.word }
    guard !words.isEmpty, !others.isEmpty else {
      throw HintedError(
        "\(root)/\(side.rawValue) needs clips of '\(settings.word)' and of other words",
        hint: "clips are \(root)/\(side.rawValue)/SPEAKER/WORD/NAME.wav")
    }
    let factor = side == .train ? Settings.trainingFactor : (1, 1)
    let spoken: [Sound?] =
      words.flatMap { Array(repeating: $0, count: settings.wordCopyCount * factor.0) }
      + others.flatMap { Array(repeating: $0, count: factor.1) }
      + Array(repeating: nil, count: others.count / 20)
    return spoken.enumerated().map { number, sound in
      var random = generator.stream(UInt64(number))
      return record(sound, others, side, &random)
    }
  }

  /// A word that ends between the record's middle and its end, often with another before it or behind it; or noise.
  private func record(
    _ sound: Sound?, _ others: [Sound], _ side: ClipFolder.Side, _ random: inout SeededGenerator
  ) -> WakeRecord {
    let step = MelFrontEnd.stepSampleCount
    var stage = SoundStage(sampleCount: settings.stepCount * step)
    let end = stage.samples.count - random.below(Settings.tailStepCount * step)
    let isWakeWord = sound?.word == settings.word
    func varied(_ sound: Sound) -> [Double] {
      guard side == .train else { return sound.samples }
      return SoundStage.played(
        sound.samples, faster: pow(2, Settings.warpOctaves * (2 * random.unit() - 1)))
    }
    if let sound {
      let start = stage.add(varied(sound), endingAt: end, gain: 1)
      func gap() -> Int { Int((0.05 + 0.3 * random.unit()) * Double(MelFrontEnd.sampleRate)) }
      if random.below(2) == 0 {
        let other = varied(others[random.below(others.count)])
        stage.add(other, endingAt: start - gap(), gain: 0.5 + random.unit())
      }
      if random.below(2) == 0 {
        let other = varied(others[random.below(others.count)])
        stage.add(other, endingAt: end + gap() + other.count, gain: 0.5 + random.unit())
      }
    }
    stage.finish(&random)
    var frontEnd = MelFrontEnd()
    let bytes = (0..<settings.stepCount).flatMap { frontEnd.step(stage.output[$0 * step..<($0 + 1) * step]) }
    return WakeRecord(
      side: side, word: sound?.word ?? "", isWakeWord: isWakeWord, end: isWakeWord ? (end - 1) / step : nil,
      bytes: bytes)
  }
}
