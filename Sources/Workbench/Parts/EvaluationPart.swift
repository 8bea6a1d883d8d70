import Basics
import Foundation
import Lineage
import Model

/// What an attempt at a part of an evaluation says of itself when it is complete: `manifest.json`, written last.
/// Specified in docs/formats/parts.md.
public struct EvaluationPartManifest: Codable, Hashable, Sendable {
  public static let schema = "alambic.evaluation-part/1"

  public var schema = Self.schema
  public var part: Part
  public var attempt: Int
  /// The id of `settings`: parts of other models, texts, options or versions do not belong together.
  public var inputs: ContentID
  public var settings: [String: String]
  /// Of the whole text.
  public var windowCount: Int
  /// Of the file `sums`.
  public var sums: ContentID
  /// ISO 8601, UTC.
  public var startedAt: String
  public var durationSeconds: Double
  public var alambic = AlambicVersion.current
}

/// An evaluation whose windows are dealt to parts. Each writes what its windows cost, and a merge adds that up in the
/// order of the text, as one machine does.
public struct EvaluationParts: Sendable {
  private let folder: String
  private let settings: [String: String]

  /// - Parameters:
  ///   - folder: parts lie below it.
  ///   - settings: all that decides what a window costs.
  public init(in folder: String, _ settings: [String: String]) {
    self.folder = folder
    self.settings = settings.merging(["alambic": AlambicVersion.current]) { own, _ in own }
  }

  public var root: String { "\(folder)/parts" }

  private func place(of part: Part) -> PartFolder { PartFolder(part, of: folder, under: root) }

  private static func windows(of part: Part, among count: Int) -> [Int] {
    Array(stride(from: part.number - 1, to: count, by: part.count))
  }

  /// How far a part is; the bytes of its sums are not read.
  public func completion() throws -> @Sendable (Part) -> PartedWork.Completion? {
    let inputs = try ContentID(ofCanonical: settings)
    return { [self] part in
      EvaluationPartManifest.winner(in: place(of: part), inputs: inputs, checksFiles: false).manifest.map {
        PartedWork.Completion(
          itemCount: Self.windows(of: part, among: $0.windowCount).count, durationSeconds: $0.durationSeconds)
      }
    }
  }

  /// Evaluates one part's windows.
  /// - Parameter evaluate: the whole evaluation, whose windows are dealt by what it is given; its result is of no use.
  /// - Returns: what the attempt left; of an earlier one, where that is complete.
  public func run(
    _ part: Part, _ evaluate: (WindowDeal) async throws -> Void
  ) async throws -> (manifest: EvaluationPartManifest, isNew: Bool) {
    let startedAt = Date()
    let place = place(of: part)
    let lock = try FolderLock(place)
    defer { withExtendedLifetime(lock) {} }
    let inputs = try ContentID(ofCanonical: settings)
    if let winner = EvaluationPartManifest.winner(in: place, inputs: inputs).manifest { return (winner, false) }
    let number = try place.addAttempt()
    let settings = settings
    try await evaluate(
      WindowDeal { count, compute in
        let sums = try await compute(Self.windows(of: part, among: count))
        let path = EvaluationPartManifest.sums(place, number)
        try AtomicFile.write(sums.flatMap { Self.bytes($0) }, to: path)
        let manifest = EvaluationPartManifest(
          part: part, attempt: number, inputs: inputs, settings: settings, windowCount: count,
          sums: try ContentID(ofFile: path), startedAt: startedAt.formatted(.iso8601),
          durationSeconds: Date().timeIntervalSince(startedAt))
        try AtomicFile.write(try CanonicalJSON.pretty(manifest), to: place.manifest(ofAttempt: number))
        return sums
      })
    guard let winner = EvaluationPartManifest.winner(in: place, inputs: inputs).manifest else {
      throw HintedError("part \(part) left no manifest in \(place.attempt(number))")
    }
    return (winner, true)
  }

  /// Deals no window: all of them come from parts.
  /// - Throws: `HintedError` with the numbers of parts that are missing, status 75.
  public func merged(_ partCount: Int, notice: (String) -> Void) throws -> WindowDeal {
    let inputs = try ContentID(ofCanonical: settings)
    var (winners, missing): ([(EvaluationPartManifest, PartFolder)], [Int]) = ([], [])
    for number in 1...(try Part(1, of: partCount).count) {
      let place = place(of: try Part(number, of: partCount))
      let (winner, faults) = EvaluationPartManifest.winner(in: place, inputs: inputs)
      for fault in faults { notice("\(fault); it is not taken") }
      if let winner { winners.append((winner, place)) } else { missing.append(number) }
    }
    guard missing.isEmpty else { throw PartsMissing.error(missing, of: partCount, in: root) }
    return WindowDeal { [winners] count, _ in
      var sums = [Double](repeating: 0, count: count)
      for (winner, place) in winners {
        let path = EvaluationPartManifest.sums(place, winner.attempt)
        let own = Self.windows(of: winner.part, among: count)
        let bytes = try AtomicFile.read(path)
        guard winner.windowCount == count, bytes.count == 8 * own.count else {
          throw HintedError(
            "\(path) has another number of windows", hint: "remove \(place.path) and run that part again")
        }
        for (place, window) in own.enumerated() { sums[window] = Self.number(bytes[8 * place..<8 * place + 8]) }
      }
      return sums
    }
  }

  /// A float64, little-endian.
  private static func bytes(_ number: Double) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt64($0))) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Double {
    Double(bitPattern: bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) })
  }
}

extension EvaluationPartManifest {
  static func sums(_ place: PartFolder, _ attempt: Int) -> String { "\(place.attempt(attempt))/sums" }

  /// The first attempt that is complete and whole, and what is wrong with those before it.
  /// - Parameter checksFiles: whether the sums' bytes are read.
  static func winner(
    in place: PartFolder, inputs: ContentID, checksFiles: Bool = true
  ) -> (manifest: Self?, faults: [String]) {
    place.firstWhole { number in
      let path = place.manifest(ofAttempt: number)
      guard FileManager.default.fileExists(atPath: path) else { return nil }
      let found = (try? AtomicFile.read(path)).flatMap { try? CanonicalJSON.decode(Self.self, from: $0) }
      guard let found, found.schema == schema, found.part == place.part, found.attempt == number else {
        throw HintedError("its manifest is not one of this part")
      }
      guard found.inputs == inputs, try ContentID(ofCanonical: found.settings) == inputs else {
        throw HintedError("it was made of another model or text, by other options or by another version")
      }
      guard try !checksFiles || ContentID(ofFile: sums(place, number)) == found.sums else {
        throw HintedError("its sums are not those that its manifest names")
      }
      return found
    }
  }
}
