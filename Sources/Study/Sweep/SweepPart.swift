import Basics
import Foundation
import Lineage
import Workbench

/// What an attempt at a part of a sweep says of itself when it is complete: `manifest.json`, written last. Specified in
/// docs/formats/sweep.md.
public struct SweepPartManifest: Codable, Hashable, Sendable {
  public static let schema = "alambic.sweep-part/1"
  static let fileName = "manifest.json"

  /// One training's files.
  public struct Training: Codable, Hashable, Sendable {
    public var id: ContentID
    /// Nil for one that was stopped by rungs.
    public var result: ContentID?
    public var rungs: ContentID?
    /// Nil for one that was stopped, or diverged.
    public var checkpoint: ContentID?
  }

  public var schema = Self.schema
  public var sweep: String
  public var part: Part
  public var attempt: Int
  /// Parts of different files, data or versions do not belong together.
  public var inputs: ContentID
  /// Nor do those of different kernels.
  public var instructionSet: String
  public var trainings: [Training]
  /// ISO 8601, UTC.
  public var startedAt: String
  public var durationSeconds: Double
  /// What of that went into training and measuring.
  public var trainingSeconds: Double
  public var alambic = AlambicVersion.current
}

/// Trains one part of a sweep. It reads the file and its data, writes into a folder of its own, and needs no other one.
public struct SweepPart: Sendable {
  private let sweep: Sweep
  private let place: PartFolder
  private let part: Part

  public init(_ part: Part, of sweep: Sweep) {
    (self.sweep, self.part) = (sweep, part)
    place = PartFolder(part, of: sweep.plan.name, under: Self.root(sweep.folder))
  }

  static func root(_ folder: String) -> String { "\(folder)/parts" }

  /// Trains what no earlier attempt at this part has finished.
  /// - Returns: what the attempt left; of an earlier one, where that is complete.
  public func run() async throws -> (manifest: SweepPartManifest, isNew: Bool) {
    let startedAt = Date()
    let lock = try FolderLock(place)
    defer { withExtendedLifetime(lock) {} }
    let inputs = try sweep.plan.inputs()
    if let winner = SweepPartManifest.winner(in: place, of: sweep.plan.name, inputs: inputs).manifest {
      return (winner, false)
    }
    let earlier = place.attempts()
    let number = try place.addAttempt()
    let folder = SweepFolder(path: place.attempt(number))
    let groups = sweep.plan.groups(of: part)
    let trainings = groups.flatMap { $0.arms.flatMap(\.self) }
    // The newest first: it went furthest. Nobody works in an earlier attempt; in the sweep's own folder somebody may.
    for other in earlier.reversed().map({ place.attempt($0) }) + [sweep.folder] {
      for training in trainings {
        try folder.takeOver(
          training.id, from: SweepFolder(path: other), by: sweep.instructionSet, takesWork: other != sweep.folder)
      }
    }
    let seconds = try await sweep.train(groups, in: folder)
    let manifest = SweepPartManifest(
      sweep: sweep.plan.name, part: part, attempt: number, inputs: inputs, instructionSet: sweep.instructionSet,
      trainings: try trainings.map { try Self.files(of: $0.id, in: folder) },
      startedAt: startedAt.formatted(.iso8601), durationSeconds: Date().timeIntervalSince(startedAt),
      trainingSeconds: seconds)
    try AtomicFile.write(try CanonicalJSON.pretty(manifest), to: place.manifest(ofAttempt: number))
    return (manifest, true)
  }

  private static func files(of id: ContentID, in folder: SweepFolder) throws -> SweepPartManifest.Training {
    func hash(_ path: String) throws -> ContentID? {
      FileManager.default.fileExists(atPath: path) ? try ContentID(ofFile: path) : nil
    }
    return SweepPartManifest.Training(
      id: id, result: try hash(folder.result(id)), rungs: try hash(folder.rungs(id)),
      checkpoint: try hash(folder.checkpoint(id)))
  }
}

extension SweepPartManifest {
  /// The first attempt that is complete and whole, and what is wrong with those before it.
  /// - Parameters:
  ///   - inputs: what the part must be made of; nil takes whatever it was.
  ///   - checksFiles: whether the trainings' bytes are read.
  static func winner(
    in place: PartFolder, of sweep: String, inputs: ContentID?, checksFiles: Bool = true
  ) -> (manifest: SweepPartManifest?, faults: [String]) {
    place.firstWhole { number in
      let path = place.manifest(ofAttempt: number)
      guard FileManager.default.fileExists(atPath: path) else { return nil }
      let found = (try? AtomicFile.read(path)).flatMap { try? CanonicalJSON.decode(Self.self, from: $0) }
      guard let found, found.schema == schema else { throw HintedError("its manifest cannot be read") }
      if let fault = found.fault(place, sweep, number, inputs, checksFiles) { throw HintedError(fault) }
      return found
    }
  }

  private func fault(
    _ place: PartFolder, _ sweep: String, _ number: Int, _ inputs: ContentID?, _ checksFiles: Bool
  ) -> String? {
    guard part == place.part, self.sweep == sweep, attempt == number else { return "its manifest is of another part" }
    guard inputs == nil || self.inputs == inputs else {
      return "it was made of another sweep's file or data, or by another version"
    }
    guard checksFiles else { return nil }
    let folder = SweepFolder(path: place.attempt(number))
    for training in trainings {
      let files = [
        (training.result, folder.result(training.id)), (training.rungs, folder.rungs(training.id)),
        (training.checkpoint, folder.checkpoint(training.id)),
      ]
      for case (let id?, let path) in files where (try? ContentID(ofFile: path)) != id {
        return "\(path) is not the file that its manifest names"
      }
    }
    return nil
  }
}
