import Basics
import Foundation
import Intake
import Model

/// Records for a student from clips: each word in noise, louder or softer, often behind another word.
public struct WakeDataset: Sendable {
  public struct Settings: Hashable, Sendable {
    public var word: String
    public var seed: UInt64 = 0
    /// Records of each clip of the wake word, and of each other clip.
    public var wordCopyCount = 4
    public var otherCopyCount = 1
    /// Steps of a record: 1.28 s.
    public var stepCount = 40

    public init(word: String) { self.word = word }
  }

  private struct Sound {
    var samples: [Double]
    var word: String
  }

  /// How a record is arranged.
  private enum Scene {
    /// A word that ends up to 0.2 s before the record does.
    case word(Sound)
    /// The first part of the wake word, cut off by the record's end: it was not said yet.
    case begun(Sound)
    /// The wake word, and another behind it: it was said a while ago.
    case past(Sound, Sound)
    case noise
  }

  public let settings: Settings

  public init(_ settings: Settings) { self.settings = settings }

  /// - Throws: `HintedError` for a folder without the word, and for clips that are no sound.
  public func records(of folder: ClipFolder) throws -> [WakeRecord] {
    var resamplers: [Int: Resampler] = [:]
    return try ClipFolder.Side.allCases.enumerated().flatMap { number, side in
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
    var scenes: [Scene] = []
    for sound in words {
      scenes += Array(repeating: .word(sound), count: settings.wordCopyCount)
      // What is neither said nor unsaid teaches when to say so; figures are of words alone.
      guard side == .train else { continue }
      scenes += [.begun(sound), .past(sound, others[scenes.count % others.count])]
    }
    for sound in others { scenes += Array(repeating: .word(sound), count: settings.otherCopyCount) }
    scenes += Array(repeating: .noise, count: others.count / 20)
    return scenes.enumerated().map { number, scene in
      var random = generator.stream(UInt64(number))
      return record(scene, others, side, &random)
    }
  }

  private func record(
    _ scene: Scene, _ others: [Sound], _ side: ClipFolder.Side, _ random: inout SeededGenerator
  ) -> WakeRecord {
    let step = MelFrontEnd.stepSampleCount
    var stage = SoundStage(sampleCount: settings.stepCount * step)
    let end = stage.samples.count - random.below(6 * step)
    var (word, isWakeWord) = ("", false)
    switch scene {
    case .word(let sound):
      (word, isWakeWord) = (sound.word, sound.word == settings.word)
      let start = stage.add(sound.samples, endingAt: end, gain: 1)
      if random.below(2) == 0 {
        let other = others[random.below(others.count)]
        let gap = Int((0.05 + 0.3 * random.unit()) * Double(MelFrontEnd.sampleRate))
        stage.add(other.samples, endingAt: start - gap, gain: 0.5 + random.unit())
      }
    case .begun(let sound):
      word = sound.word
      let share = 0.3 + 0.35 * random.unit()
      stage.add(
        Array(sound.samples.prefix(Int(share * Double(sound.samples.count)))), endingAt: stage.samples.count, gain: 1)
    case .past(let sound, let other):
      word = sound.word
      let start = stage.add(other.samples, endingAt: end, gain: 1)
      let latest = stage.samples.count - (12 + random.below(6)) * step
      stage.add(sound.samples, endingAt: min(start, latest), gain: 1)
    case .noise: break
    }
    stage.finish(&random)
    var frontEnd = MelFrontEnd()
    let bytes = (0..<settings.stepCount).flatMap { frontEnd.step(stage.output[$0 * step..<($0 + 1) * step]) }
    return WakeRecord(side: side, word: word, isWakeWord: isWakeWord, bytes: bytes)
  }
}
