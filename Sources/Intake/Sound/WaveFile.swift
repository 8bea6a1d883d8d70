import Basics

/// The sound of a WAV file: PCM of 8, 16, 24 or 32 bits, or floats of 32; channels are averaged.
public struct WaveFile: Sendable {
  public static let rates = 8_000...192_000

  public var rate: Int
  /// From -1 to 1.
  public var samples: [Double]

  private struct Format {
    var isFloat: Bool
    var channelCount: Int
    var rate: Int
    var byteCount: Int
  }

  /// - Throws: `HintedError` for a file that cannot be read, that is no WAV file, or of another encoding.
  public init(_ path: String) throws { try self.init(AtomicFile.read(path), name: path) }

  /// - Parameter name: for messages.
  /// - Throws: `HintedError` for bytes that are no WAV file, or of another encoding.
  public init(_ bytes: [UInt8], name: String) throws {
    guard bytes.count >= 12, bytes.starts(with: Array("RIFF".utf8)), bytes[8..<12].elementsEqual(Array("WAVE".utf8))
    else {
      throw HintedError("\(name) is not a WAV file", hint: "ffmpeg -i \(name) -ac 1 -ar 16000 sound.wav makes one")
    }
    var (position, format) = (12, Format?.none)
    while position + 8 <= bytes.count {
      let kind = bytes[position..<position + 4]
      let size = Int(Self.number(bytes, position + 4, 4))
      let start = position + 8
      if kind.elementsEqual(Array("fmt ".utf8)) {
        guard size >= 16, start + size <= bytes.count else { break }
        format = try Self.format(Array(bytes[start..<start + size]), name)
      } else if kind.elementsEqual(Array("data".utf8)) {
        guard let format else { break }
        // Who wrote to a pipe did not know how much would come.
        rate = format.rate
        samples = Self.samples(bytes[start..<min(bytes.count, start + size)], format)
        return
      }
      position = start + size + size % 2
    }
    throw HintedError("\(name) is cut off: it has no sound", hint: "record it anew")
  }

  private static func number(_ bytes: [UInt8], _ position: Int, _ count: Int) -> UInt32 {
    (0..<count).reduce(0) { $0 | UInt32(bytes[position + $1]) << UInt32(8 * $1) }
  }

  private static func format(_ chunk: [UInt8], _ name: String) throws -> Format {
    // An extensible format says its encoding where its identifier begins.
    let said = number(chunk, 0, 2)
    let encoding = said == 0xFFFE && chunk.count >= 26 ? number(chunk, 24, 2) : said
    let (channels, rate, bits) = (Int(number(chunk, 2, 2)), Int(number(chunk, 4, 4)), Int(number(chunk, 14, 2)))
    guard (encoding == 1 && [8, 16, 24, 32].contains(bits)) || (encoding == 3 && bits == 32) else {
      throw HintedError(
        "\(name) has sound of encoding \(encoding) with \(bits) bits, where PCM or floats are read",
        hint: "ffmpeg -i \(name) -c:a pcm_s16le sound.wav writes it anew")
    }
    guard (1...64).contains(channels), rates.contains(rate) else {
      throw HintedError(
        "\(name) has \(channels) channels of \(rate) samples a second, outside 1…64 or "
          + "\(rates.lowerBound)…\(rates.upperBound)", hint: "ffmpeg -i \(name) -ac 1 -ar 16000 sound.wav")
    }
    return Format(isFloat: encoding == 3, channelCount: channels, rate: rate, byteCount: bits / 8)
  }

  private static func samples(_ data: ArraySlice<UInt8>, _ format: Format) -> [Double] {
    let data = Array(data)
    let frame = format.channelCount * format.byteCount
    return (0..<data.count / frame).map { index in
      let sum = (0..<format.channelCount).reduce(0.0) { sum, channel in
        let bits = number(data, index * frame + channel * format.byteCount, format.byteCount)
        return sum + value(bits, format)
      }
      return sum / Double(format.channelCount)
    }
  }

  private static func value(_ bits: UInt32, _ format: Format) -> Double {
    if format.isFloat {
      let value = Double(Float(bitPattern: bits))
      return value.isFinite ? max(-1, min(1, value)) : 0
    }
    // Eight bits lie around 128, all others around 0.
    if format.byteCount == 1 { return (Double(bits) - 128) / 128 }
    return Double(Int32(bitPattern: bits << UInt32(32 - 8 * format.byteCount))) / 2_147_483_648
  }
}
