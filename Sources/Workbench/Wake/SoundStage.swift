import Basics
import Foundation

/// Sound of a fixed length, into which words are put, then noise.
struct SoundStage {
  private(set) var samples: [Double]
  private(set) var output: [Int16] = []
  private var speechEnergy = 0.0
  private var speechCount = 0

  init(sampleCount: Int) { samples = Array(repeating: 0, count: sampleCount) }

  /// - Parameter end: where the sound's last sample stands; what lies outside is cut off.
  /// - Returns: where it begins, perhaps before the stage.
  @discardableResult
  mutating func add(_ sound: [Double], endingAt end: Int, gain: Double) -> Int {
    let start = end - sound.count
    for (index, value) in sound.enumerated() where samples.indices.contains(start + index) {
      samples[start + index] += gain * value
      speechEnergy += gain * gain * value * value
      speechCount += 1
    }
    return start
  }

  /// A sound in less time: its pitch and its formants rise by the same factor.
  static func played(_ sound: [Double], faster factor: Double) -> [Double] {
    (0..<Int(Double(max(0, sound.count - 1)) / factor)).map { index in
      let place = Double(index) * factor
      let (left, share) = (Int(place), place - place.rounded(.down))
      return sound[left] + share * (sound[left + 1] - sound[left])
    }
  }

  /// Noise of 10 to 30 dB less than speech, from rumble to hiss; speech at -40 to -14 dB of full scale, as 16 bits.
  mutating func finish(_ random: inout SeededGenerator) {
    let speech = speechCount > 0 ? (speechEnergy / Double(speechCount)).squareRoot() : 0.1
    let level = speech * pow(10, -(10 + 20 * random.unit()) / 20)
    let noise = Self.noise(samples.count, &random)
    let scale = pow(10, -(14 + 26 * random.unit()) / 20) / speech
    output = zip(samples, noise).map { value, noise in
      Int16(max(-32768, min(32767, ((value + level * noise) * scale * 32768).rounded())))
    }
  }

  /// Of deviation 1: white noise through a first-order filter that lets low or all frequencies pass, and perhaps hum.
  private static func noise(_ count: Int, _ random: inout SeededGenerator) -> [Double] {
    let (colour, hum) = (0.98 * random.unit().squareRoot(), random.below(4) == 0 ? random.unit() : 0)
    let pitch = 2 * Double.pi * (random.below(2) == 0 ? 50 : 60) / 16_000
    // Four uniform numbers are nearly normal.
    func white(_ random: inout SeededGenerator) -> Double {
      (0..<4).reduce(-2.0) { sum, _ in sum + random.unit() } * 3.0.squareRoot()
    }
    var (state, result) = (0.0, [Double]())
    result.reserveCapacity(count)
    let gain = (1 - colour * colour).squareRoot()
    for index in 0..<count {
      state = colour * state + gain * white(&random)
      result.append(state + hum * sin(pitch * Double(index)) + 0.5 * hum * sin(3 * pitch * Double(index)))
    }
    let deviation = (result.reduce(0) { $0 + $1 * $1 } / Double(count)).squareRoot()
    return result.map { $0 / deviation }
  }
}
