import Basics
import CAtomeEngine
import CAtomeWake
import Engine
import Formats
import Foundation
import Lineage
import Model
import Networks
import TestSupport
import Testing

/// Sounds that scripts/mel_answers.py makes alike.
enum MelSound {
  case noise(seed: UInt32, shift: Int16)
  case square(period: Int, height: Int16)

  var samples: [Int16] {
    switch self {
    case .noise(var state, let shift):
      (0..<1536).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return Int16(Int32(state >> 16) - 32768) >> shift
      }
    case .square(let period, let height): (0..<1536).map { $0 % period < period / 2 ? height : -height }
    }
  }
}

@Suite("Sound in C and in Swift")
struct WakeParityTests {
  private static let step = MelFrontEnd.stepSampleCount

  /// Silence, extremes of both signs, clicks, noise of each loudness, and loudness that jumps.
  private static func sound(_ kind: Int, stepCount: Int, _ generator: inout SeededGenerator) -> [Int16] {
    (0..<stepCount * step).map { place in
      switch kind {
      case 0: 0
      case 1: .min
      case 2: .max
      case 3: place.isMultiple(of: 2) ? .min : .max
      case 4: place % 700 < 350 ? .min : .max
      case 5: place % 1100 == 17 ? .min : 0
      case 6: place / step % 2 == 0 ? Int16(truncatingIfNeeded: generator.next()) : 0
      default: Int16(truncatingIfNeeded: generator.next()) >> Int16(kind - 7)
      }
    }
  }

  @Test("Energies, levels and bytes are the same: silent, clipping, extreme and random sound", arguments: 0..<23)
  func frontEnds(kind: Int) {
    var generator = SeededGenerator(seed: UInt64(kind))
    let samples = Self.sound(kind, stepCount: 40, &generator)
    var (swift, levelled, measured) = (MelFrontEnd(), MelFrontEnd(), MelFrontEnd())
    var (c, cLevelled, cMeasured) = (atome_mel(), atome_mel(), atome_mel())
    atome_mel_init(&c)
    atome_mel_init(&cLevelled)
    atome_mel_init(&cMeasured)
    for start in stride(from: 0, to: samples.count, by: Self.step) {
      let part = Array(samples[start..<start + Self.step])
      var energies = [Int32](repeating: 0, count: MelFrontEnd.bandCount)
      var levels = [UInt8](repeating: 0, count: MelFrontEnd.bandCount)
      atome_mel_energies(&cMeasured, part, &energies)
      atome_mel_levels(&cLevelled, part, &levels)
      #expect(measured.energies(part) == energies, "sample \(start)")
      #expect(levelled.levels(part) == levels, "sample \(start)")
      var bytes = [UInt8](repeating: 0, count: MelFrontEnd.partCount)
      atome_mel_step(&c, part, &bytes)
      #expect(swift.step(part) == bytes, "sample \(start)")
    }
  }

  @Test("Levels have the byte of their part's nearest code, the first of equals", arguments: 0..<MelFrontEnd.partCount)
  func codes(part: Int) {
    var generator = SeededGenerator(seed: UInt64(part))
    var seen: Set<UInt8> = []
    for _ in 0..<2000 {
      let span = 1 + generator.below(16)
      let levels = (0..<MelFrontEnd.partBandCount).map { _ in UInt8(generator.below(span)) }
      let byte = atome_mel_code(UInt32(part), levels)
      seen.insert(byte)
      #expect(MelFrontEnd.code(of: levels, part: part) == byte)
    }
    #expect(seen.count > 45 && seen.allSatisfy(MelFrontEnd.bytes(ofPart: part).contains))
    // A code is nearest to its own levels; 0 is the quietest.
    let first = 32 + MelCodes.count * part
    for code in 0..<MelCodes.count {
      #expect(Int(atome_mel_code(UInt32(part), Array(MelCodes.levels(of: code, part: part)))) == first + code)
    }
    #expect(Int(MelFrontEnd.code(of: [0, 0, 0], part: part)) == first)
  }

  @Test("Energies are those of floating point, to a fifteenth of an octave: 0.2 dB", arguments: melAnswers.indices)
  func answers(index: Int) throws {
    let (sound, expected) = melAnswers[index]
    var frontEnd = MelFrontEnd()
    for (step, bands) in expected.enumerated() {
      let energies = frontEnd.energies(sound.samples[step * Self.step..<(step + 1) * Self.step])
      for (band, (energy, exact)) in zip(energies, bands).enumerated() {
        guard let exact else { continue }
        // Rounded down: half a unit less in the mean.
        let error = Double(energy) / 32 - exact + 0.5 / 32
        #expect(abs(error) < 1.0 / 15, "step \(step), band \(band): \(error)")
      }
    }
  }

  @Test("The logarithm is rounded down", arguments: [1, 2, 3, 32767, 32768, 65535, 65536, 1 << 40, (1 << 46) + 12345])
  func logarithm(value: UInt64) {
    let exact = log2(Double(value)) * 32
    #expect((-0.001..<1.05).contains(exact - Double(MelFrontEnd.logarithm(value))))
  }

  @Test("A detector says the same of every step", arguments: 0..<4 as Range<UInt64>)
  func detectors(seed: UInt64) throws {
    let model = RandomModel.makeCompact(seed: seed, shape: RandomModel.smallCompact)
    let image = CompactImageFile.write(model, provenance: nil)
    let file = WakeWordFile(image: ContentID(of: image), word: "w", threshold: 0, pause: Int(seed))
    var detector = WakeWordDetector(file, engine: try CompactIntegerEngine(model: model, contextLength: 1))
    let storage = UnsafeMutableRawPointer.allocate(byteCount: image.count, alignment: 8)
    defer { storage.deallocate() }
    storage.copyMemory(from: image, byteCount: image.count)
    var (opened, wake, size) = (atome_compact_image(), atome_wake(), 0)
    try #require(atome_compact_open(&opened, storage.assumingMemoryBound(to: UInt8.self), image.count) == ATOME_OK)
    try #require(atome_compact_memory_size(&opened, &size) == ATOME_OK)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    defer { memory.deallocate() }
    var settings = atome_wake_settings(threshold: file.threshold, pause: UInt32(file.pause))
    try #require(atome_wake_init(&wake, &settings, &opened, memory, size) == ATOME_OK)
    var (generator, heard) = (SeededGenerator(seed: seed), 0)
    for position in 0..<300 {
      let samples = Self.sound(generator.below(23), stepCount: 1, &generator)
      let answer = try detector.step(samples)
      let expected = atome_wake_step(&wake, samples)
      let expectedAnswer = WakeWordDetector.Answer(score: expected.score, isHeard: expected.is_heard == 1)
      try #require(answer == expectedAnswer, "position \(position)")
      heard += answer.isHeard ? 1 : 0
    }
    // A random student may find it at every step; a pause keeps that apart.
    #expect(heard > 0 && (seed == 0 || heard < 300))
  }

  @Test("Several tokens are read as one alike in C and in Swift, and one as ever")
  func together() throws {
    var different = 0
    for seed in 0..<4 as Range<UInt64> {
      let model = RandomModel.makeCompact(seed: seed, shape: RandomModel.smallCompact)
      func swift() throws -> CompactIntegerEngine { try CompactIntegerEngine(model: model, contextLength: 1) }
      let c = try CCompactEngine(
        image: CompactImageFile.write(model, provenance: nil), logitScale: 1, contextLength: 1)
      var (several, first, alone, single) = (try swift(), try swift(), try swift(), try swift())
      var generator = SeededGenerator(seed: seed)
      for position in 0..<60 {
        let tokens = (0..<1 + generator.below(5)).map { _ in UInt8(generator.below(256)) }
        let logits = several.step(together: tokens)
        #expect(logits == c.step(together: tokens), "seed \(seed), position \(position)")
        different += logits == first.step(tokens[0]) ? 0 : 1
        #expect(alone.step(together: [tokens[0]]) == single.step(tokens[0]), "seed \(seed), position \(position)")
      }
    }
    // Some random students say the same whatever they read.
    #expect(different > 40)
  }

  @Test("The numbers are the same in both languages")
  func limits() {
    #expect(MelFrontEnd.sampleRate == ATOME_MEL_RATE)
    #expect(MelFrontEnd.stepSampleCount == ATOME_MEL_STEP)
    #expect(MelFrontEnd.bandCount == ATOME_MEL_BANDS)
    #expect(MelFrontEnd.levelCount == ATOME_MEL_LEVELS)
    #expect(MelFrontEnd.partCount == ATOME_MEL_PARTS)
    #expect(MelFrontEnd.partBandCount == ATOME_MEL_PART_BANDS)
    #expect(MelCodes.count == ATOME_MEL_CODES)
    #expect(MelFrontEnd.firstByte == ATOME_MEL_FIRST_BYTE)
    #expect(MelFrontEnd.memoryByteCount == ATOME_MEL_BYTES)
    #expect(MelFrontEnd.memoryByteCount == MemoryLayout<atome_mel>.size)
    #expect(WakeWordDetector.saidByte == ATOME_WAKE_SAID)
    #expect(WakeWordDetector.otherByte == ATOME_WAKE_OTHER)
    #expect(WakeWordDetector.memoryByteCount == ATOME_WAKE_BYTES)
  }
}
