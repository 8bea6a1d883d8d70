import Basics
import Curation
import Foundation
import Lineage

/// What an attempt at a part of a curation says of itself when it is complete: `manifest.json`, written last. Specified
/// in docs/formats/parts.md.
public struct CurationPartManifest: Codable, Hashable, Sendable {
  public static let schema = "alambic.curation-part/1"

  public var schema = Self.schema
  public var part: Part
  public var attempt: Int
  /// The id of `settings`: parts of different files, options or versions do not belong together.
  public var inputs: ContentID
  public var settings: [String: String]
  /// Those that the part read.
  public var files: [DraftedInput]
  public var recordCount: Int
  /// Of the file `blocks`.
  public var blocks: ContentID
  public var blocksByteCount: Int
  /// ISO 8601, UTC.
  public var startedAt: String
  public var durationSeconds: Double
  public var alambic = AlambicVersion.current
}

/// Reads one part of some files, into a folder of its own below the output.
public struct CurationPart: Sendable {
  private let part: Part
  private let settings: FileCurationSettings
  private let place: PartFolder
  private let progress: @Sendable (Int, Int?, String) -> Void

  public init(
    _ part: Part, _ settings: FileCurationSettings,
    progress: @escaping @Sendable (Int, Int?, String) -> Void = { _, _, _ in }
  ) {
    (self.part, self.settings, self.progress) = (part, settings, progress)
    place = PartFolder(part, of: settings.output, under: Self.root(settings))
  }

  public static func root(_ settings: FileCurationSettings) -> String { "\(settings.output)/parts" }

  /// How far a part is; the bytes of its blocks are not read.
  public static func completion(
    _ settings: FileCurationSettings
  ) throws -> @Sendable (Part) -> PartedWork.Completion? {
    let (output, root) = (settings.output, root(settings))
    let inputs = try ContentID(ofCanonical: settings.partSettings)
    return { part in
      let place = PartFolder(part, of: output, under: root)
      return CurationPartManifest.winner(in: place, inputs: inputs, checksFiles: false).manifest.map {
        PartedWork.Completion(itemCount: $0.recordCount, durationSeconds: $0.durationSeconds)
      }
    }
  }

  /// - Returns: what the attempt left; of an earlier one, where that is complete.
  /// - Throws: `HintedError` for files that cannot be read, and while another process works on the part.
  public func run() async throws -> (manifest: CurationPartManifest, isNew: Bool) {
    let startedAt = Date()
    let curation = try FileCuration(settings, progress: progress)
    let lock = try FolderLock(place)
    defer { withExtendedLifetime(lock) {} }
    let named = settings.partSettings
    let inputs = try ContentID(ofCanonical: named)
    if let winner = CurationPartManifest.winner(in: place, inputs: inputs).manifest { return (winner, false) }
    for number in place.attempts() where !CurationPartManifest.isComplete(number, in: place) {
      // Half of a file helps nobody, and nobody else works here.
      try? FileManager.default.removeItem(atPath: place.attempt(number))
    }
    let number = try place.addAttempt()
    let (files, recordCount) = try await curation.draft(part, in: place.attempt(number))
    let blocks = "\(place.attempt(number))/\(PartFiles.blocks)"
    let manifest = CurationPartManifest(
      part: part, attempt: number, inputs: inputs, settings: named, files: files, recordCount: recordCount,
      blocks: try ContentID(ofFile: blocks), blocksByteCount: try RandomAccessFile(blocks).byteCount,
      startedAt: startedAt.formatted(.iso8601), durationSeconds: Date().timeIntervalSince(startedAt))
    try AtomicFile.write(try CanonicalJSON.pretty(manifest), to: place.manifest(ofAttempt: number))
    return (manifest, true)
  }
}

extension CurationPartManifest {
  static func isComplete(_ attempt: Int, in place: PartFolder) -> Bool {
    FileManager.default.fileExists(atPath: place.manifest(ofAttempt: attempt))
  }

  /// The first attempt that is complete and whole, and what is wrong with those before it.
  /// - Parameter checksFiles: whether the blocks' bytes are read.
  static func winner(
    in place: PartFolder, inputs: ContentID, checksFiles: Bool = true
  ) -> (manifest: Self?, faults: [String]) {
    place.firstWhole { number in
      guard isComplete(number, in: place) else { return nil }
      let path = place.manifest(ofAttempt: number)
      let bytes = try AtomicFile.read(path)
      guard let manifest = try? CanonicalJSON.decode(Self.self, from: bytes), manifest.schema == schema else {
        throw HintedError("\(path) is not a manifest of a part of a curation")
      }
      guard manifest.part == place.part, manifest.attempt == number else {
        throw HintedError("its manifest is of another part")
      }
      guard manifest.inputs == inputs, try ContentID(ofCanonical: manifest.settings) == inputs else {
        throw HintedError("it was made of other files, by other options or by another version")
      }
      guard try !checksFiles || ContentID(ofFile: "\(place.attempt(number))/\(PartFiles.blocks)") == manifest.blocks
      else {
        throw HintedError("its blocks are not those that its manifest names")
      }
      return manifest
    }
  }
}
