import Basics
import Foundation
import Model

/// Sound as a student reads it, and whether the wake word was said in it: a line of what `wake dataset` writes.
public struct WakeRecord: Codable, Hashable, Sendable {
  public var side: ClipFolder.Side
  /// What was said; empty for noise alone.
  public var word: String
  public var isWakeWord: Bool
  /// With which step the wake word ended; nil where it was not said.
  public var end: Int?
  /// Bytes of the front end, two hexadecimal digits each, four for 32 ms.
  public var bytes: String

  public init(side: ClipFolder.Side, word: String, isWakeWord: Bool, end: Int?, bytes: [UInt8]) {
    (self.side, self.word, self.isWakeWord, self.end) = (side, word, isWakeWord, end)
    let digits = Array("0123456789abcdef".utf8)
    self.bytes = String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// - Throws: `HintedError` for a line that is no record.
  public static func read(_ path: String) throws -> [WakeRecord] {
    let lines = try AtomicFile.read(path).split(separator: UInt8(ascii: "\n"))
    let decoder = JSONDecoder()
    let records = try lines.enumerated().map { index, line in
      let place = "\(path):\(index + 1)"
      guard let record = try? decoder.decode(WakeRecord.self, from: Data(line)), let bytes = record.melBytes,
        record.end.map({ 0..<bytes.count / MelFrontEnd.partCount ~= $0 }) ?? true,
        record.isWakeWord == (record.end != nil)
      else {
        throw HintedError("\(place) is not a record of the front end", hint: "alambic wake dataset writes them")
      }
      return record
    }
    guard !records.isEmpty else { throw HintedError("\(path) has no records") }
    return records
  }

  /// Nil where they are none that the front end gives.
  public var melBytes: [UInt8]? {
    let digits = Array(bytes.utf8)
    var result: [UInt8] = []
    guard !digits.isEmpty, digits.count.isMultiple(of: 2 * MelFrontEnd.partCount) else { return nil }
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = Self.digit(digits[index]), let low = Self.digit(digits[index + 1]) else { return nil }
      let byte = high << 4 | low
      guard MelFrontEnd.bytes(ofPart: index / 2 % MelFrontEnd.partCount) ~= byte else { return nil }
      result.append(byte)
    }
    return result
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
