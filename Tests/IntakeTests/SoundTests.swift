import Basics
import Foundation
import Intake
import Testing

@Suite("Sound files")
struct SoundTests {
  /// - Parameter extra: chunks before the sound.
  private static func wave(
    encoding: UInt16 = 1, channels: UInt16 = 1, rate: UInt32 = 16_000, bits: UInt16 = 16, data: [UInt8],
    extra: [UInt8] = [], extended: UInt16? = nil
  ) -> [UInt8] {
    func little(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }
    var format = little(encoding) + little(channels) + little(rate) + little(rate * UInt32(channels * bits / 8))
    format += little(channels * bits / 8) + little(bits)
    if let extended { format += little(UInt16(22)) + little(bits) + little(UInt32(0)) + little(extended) + [0, 0] }
    let body =
      Array("WAVEfmt ".utf8) + little(UInt32(format.count)) + format + extra + Array("data".utf8)
      + little(UInt32(data.count)) + data
    return Array("RIFF".utf8) + little(UInt32(body.count)) + body
  }

  @Test("Each encoding gives the same sound")
  func encodings() throws {
    let half: [(UInt16, UInt16, [UInt8])] = [
      (1, 8, [192, 64]), (1, 16, [0, 0x40, 0, 0xC0]), (1, 24, [0, 0, 0x40, 0, 0, 0xC0]),
      (1, 32, [0, 0, 0, 0x40, 0, 0, 0, 0xC0]), (3, 32, [0, 0, 0, 0x3F, 0, 0, 0, 0xBF]),
    ]
    for (encoding, bits, data) in half {
      let file = try WaveFile(Self.wave(encoding: encoding, bits: bits, data: data), name: "x")
      #expect(file.samples == [0.5, -0.5] && file.rate == 16_000, "\(bits) bits: \(file.samples)")
    }
    let extended = try WaveFile(Self.wave(encoding: 0xFFFE, data: [0, 0x40], extended: 1), name: "x")
    #expect(extended.samples == [0.5])
  }

  @Test("Channels are averaged; other chunks are passed over; sound that was cut off is as long as it is")
  func parts() throws {
    let list = Array("LIST".utf8) + [3, 0, 0, 0, 1, 2, 3, 0]
    let bytes = Self.wave(channels: 2, rate: 44_100, data: [0, 0x40, 0, 0, 0, 0xC0, 0, 0xC0], extra: list)
    let file = try WaveFile(bytes, name: "x")
    #expect(file.samples == [0.25, -0.5] && file.rate == 44_100)
    #expect(try WaveFile(Array(bytes.dropLast(4)), name: "x").samples == [0.25])
    let odd = Self.wave(encoding: 3, bits: 32, data: [0, 0, 0xC0, 0x7F, 0, 0, 0x80, 0x40])
    #expect(try WaveFile(odd, name: "x").samples == [0, 1], "NaN is silence, and 4 is full scale")
  }

  @Test("What is no sound is refused by its name")
  func refusals() {
    let bad: [([UInt8], String)] = [
      (Array("no".utf8), "x is not a WAV file"), (Array(repeating: 0, count: 99), "x is not a WAV file"),
      (Self.wave(encoding: 2, data: [0, 0]), "encoding 2 with 16 bits"),
      (Self.wave(bits: 12, data: [0, 0]), "encoding 1 with 12 bits"),
      (Self.wave(channels: 0, data: [0, 0]), "0 channels"), (Self.wave(rate: 4000, data: [0, 0]), "4000 samples"),
      (Array(Self.wave(data: [0, 0]).prefix(30)), "it has no sound"),
      (Array(Self.wave(data: []).dropLast(8)), "it has no sound"),
    ]
    for (bytes, message) in bad {
      let error = #expect(throws: HintedError.self) { try WaveFile(bytes, name: "x") }
      #expect(error?.message.contains(message) ?? false, "\(error?.message ?? "no error"), where \(message) is meant")
    }
  }

  @Test("Damaged files are read or refused")
  func damage() {
    let whole = Self.wave(data: Array(repeating: 7, count: 64))
    var generator = SeededGenerator(seed: 2)
    for trial in 0..<5000 {
      var bytes = trial < whole.count ? Array(whole.prefix(trial)) : whole
      for _ in 0..<1 + generator.below(3) where !bytes.isEmpty {
        bytes[generator.below(bytes.count)] = UInt8(generator.below(256))
      }
      guard let file = try? WaveFile(bytes, name: "x") else { continue }
      #expect(file.samples.allSatisfy { abs($0) <= 1 })
    }
  }

  @Test(
    "Another rate keeps a tone's pitch and loudness, and drops what has no place", arguments: [8_000, 22_050, 48_000])
  func rates(rate: Int) {
    func tone(_ pitch: Double, _ rate: Int) -> [Double] {
      (0..<rate).map { sin(2 * .pi * pitch * Double($0) / Double(rate)) }
    }
    let resampler = Resampler(from: rate, to: 16_000)
    let sound = resampler.resample(tone(1000, rate))
    #expect(sound.count == 16_000)
    for (value, exact) in zip(sound, tone(1000, 16_000)).dropFirst(100).dropLast(100) {
      guard abs(value - exact) < 0.01 else {
        Issue.record("\(value), where \(exact) is exact")
        return
      }
    }
    guard rate > 22_050 else { return }
    let loudest = resampler.resample(tone(12_000, rate)).dropFirst(100).dropLast(100).map(abs).max() ?? 1
    #expect(loudest < 0.01, "12 kHz has no place in 16,000 samples a second: \(loudest)")
  }
}
