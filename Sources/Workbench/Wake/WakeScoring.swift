import Basics
import Conversation
import Engine
import Formats
import Foundation
import Lineage
import Model
import Networks

/// A detector of a wake word over records, or over sound.
public struct WakeScoring: Sendable {
  private let image: LoadedImage
  public var file: WakeWordFile
  public var engine = HostEngine.c

  /// - Throws: `HintedError` for an image that is another's, or no compact student's.
  public init(_ image: LoadedImage, _ file: WakeWordFile, engine: HostEngine = .c) throws {
    guard case .compact(let compact) = image.contents, compact.vocabulary.isIdentity else {
      throw HintedError(
        "\(image.path) is not a compact student of bytes, as a wake word's are",
        hint: "make one: alambic wake train RECORDS --out word.atome")
    }
    guard image.id == file.image else {
      throw HintedError(
        "the settings are for the image \(file.image.short), and \(image.path) is \(image.id.short)",
        hint: "keep the files that one training wrote together")
    }
    (self.image, self.file, self.engine) = (image, file, engine)
  }

  /// One that has heard nothing.
  public func detector() throws -> WakeWordDetector {
    guard let engine = try image.engine(engine, context: image.defaultContext) as? any JointLogitSource else {
      throw HintedError("\(image.path) cannot read several bytes as one", status: .internalFault)
    }
    return WakeWordDetector(file, engine: engine)
  }

  /// Of each record the largest score of its steps: it is accepted where that reaches the threshold.
  public func peaks(of records: [WakeRecord]) throws -> [Int32] {
    try records.map { record in
      var detector = try detector()
      let (bytes, size) = (record.melBytes ?? [], MelFrontEnd.partCount)
      return try stride(from: 0, to: bytes.count, by: size).map { start in
        try detector.step(bytes: Array(bytes[start..<start + size])).score
      }.max() ?? .min
    }
  }

  /// The engine's work memory and the detector's own, on a 32-bit core.
  public static func memoryByteCount(of image: [UInt8]) throws -> Int {
    let image = try LoadedImage(image, path: "the student")
    let engine = try image.engine(.c, context: image.defaultContext)
    return ((engine as? CCompactEngine)?.memoryByteCount ?? 0) + WakeWordDetector.memoryByteCount
  }
}

/// How often the wake word was recognised, and something else taken for it.
public struct WakeReport: Codable, Hashable, Sendable {
  public struct Share: Codable, Hashable, Sendable {
    public var count: Int
    public var total: Int

    public var share: Double { total > 0 ? Double(count) / Double(total) : 0 }
  }

  public var recognised: Share
  public var falseAccepts: Share
  /// Words that were taken for it, most often first.
  public var mistaken: [Mistake]

  public struct Mistake: Codable, Hashable, Sendable {
    public var word: String
    public var accepted: Share
  }

  public init(peaks: [Int32], of records: [WakeRecord], threshold: Int32) {
    func share(_ wanted: (WakeRecord) -> Bool) -> Share {
      let chosen = zip(peaks, records).filter { wanted($0.1) }
      return Share(count: chosen.count { $0.0 >= threshold }, total: chosen.count)
    }
    recognised = share(\.isWakeWord)
    falseAccepts = share { !$0.isWakeWord }
    mistaken = Set(records.filter { !$0.isWakeWord }.map(\.word)).sorted()
      .map { word in Mistake(word: word, accepted: share { !$0.isWakeWord && $0.word == word }) }
      .filter { $0.accepted.count > 0 }
      .sorted { $0.accepted.count > $1.accepted.count }
  }

  /// The least threshold that takes at most this share of what is not the word for it.
  static func threshold(of peaks: [Int32], of records: [WakeRecord], falseAccepts: Double) -> Int32 {
    let others = zip(peaks, records).filter { !$0.1.isWakeWord }.map(\.0).sorted(by: >)
    let allowed = Int(falseAccepts * Double(others.count))
    return allowed < others.count ? others[allowed] + 1 : Int32.min
  }
}
