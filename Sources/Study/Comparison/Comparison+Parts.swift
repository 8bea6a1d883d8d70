import Basics
import Foundation
import Lineage
import Training
import Workbench

/// What an attempt at a part of a comparison says of itself when it is complete: `manifest.json`, written last.
/// Specified in docs/formats/parts.md.
public struct ComparisonPartManifest: Codable, Hashable, Sendable {
  public static let schema = "alambic.comparison-part/1"

  public var schema = Self.schema
  public var part: Part
  public var attempt: Int
  /// Parts of other students, texts, settings or versions do not belong together.
  public var inputs: ContentID
  /// Nor do those of other kernels.
  public var instructionSet: String
  /// The results in `runs`, by name.
  public var trainings: [String: ContentID]
  /// ISO 8601, UTC.
  public var startedAt: String
  public var durationSeconds: Double
  public var alambic = AlambicVersion.current
}

extension Comparison {
  /// Trains one part's share of the trainings that the tables need, into the comparison's folder; `run` finds them
  /// there, whichever machine trained them.
  /// - Returns: what the attempt left; of an earlier one, where that is complete.
  /// - Throws: `HintedError` for a comparison whose trainings depend on earlier ones or on this machine's time, and
  ///   while another process works on the part.
  public func train(_ part: Part) async throws -> ComparisonPartManifest {
    try plan.checkTakesParts()
    let startedAt = Date()
    let place = Self.place(of: part, in: folder)
    let lock = try FolderLock(place)
    defer { withExtendedLifetime(lock) {} }
    let inputs = try plan.inputs()
    if let winner = ComparisonPartManifest.winner(in: place, inputs: inputs, folder).manifest { return winner }
    let number = try place.addAttempt()
    let trainings = try await runner.train(try jobs(), heldBy: part, phase: "part \(part)")
    let manifest = ComparisonPartManifest(
      part: part, attempt: number, inputs: inputs, instructionSet: TrainingHost.instructionSetName,
      trainings: trainings, startedAt: startedAt.formatted(.iso8601),
      durationSeconds: Date().timeIntervalSince(startedAt))
    try AtomicFile.write(try CanonicalJSON.pretty(manifest), to: place.manifest(ofAttempt: number))
    return manifest
  }

  /// Makes sure that `run` will train nothing.
  /// - Throws: `HintedError` with the numbers of parts that are missing, status 75.
  public func checkParts(_ partCount: Int, notice: (String) -> Void) throws {
    try plan.checkTakesParts()
    let inputs = try plan.inputs()
    var missing: [Int] = []
    for number in 1...(try Part(1, of: partCount).count) {
      let place = Self.place(of: try Part(number, of: partCount), in: folder)
      let (winner, faults) = ComparisonPartManifest.winner(in: place, inputs: inputs, folder)
      for fault in faults { notice("\(fault); it is not taken") }
      guard let winner else {
        missing.append(number)
        continue
      }
      guard winner.instructionSet == TrainingHost.instructionSetName else {
        throw HintedError(
          "part \(winner.part) was trained by the kernels of \(winner.instructionSet); this machine has "
            + "\(TrainingHost.instructionSetName), whose sums are rounded otherwise",
          hint: "merge on a machine like those of the parts", status: .usage)
      }
    }
    guard missing.isEmpty else { throw PartsMissing.error(missing, of: partCount, in: Self.parts(folder)) }
  }

  public static func parts(_ folder: String) -> String { "\(folder)/parts" }

  /// How far a part is; the bytes of its results are not read.
  public static func completion(
    _ plan: ComparisonPlan, in folder: String
  ) throws -> @Sendable (Part) -> PartedWork.Completion? {
    try plan.checkTakesParts()
    let inputs = try plan.inputs()
    return { part in
      ComparisonPartManifest.winner(in: place(of: part, in: folder), inputs: inputs, nil).manifest.map {
        PartedWork.Completion(itemCount: $0.trainings.count, durationSeconds: $0.durationSeconds)
      }
    }
  }

  private static func place(of part: Part, in folder: String) -> PartFolder {
    PartFolder(part, of: folder, under: parts(folder))
  }

  /// All that the tables need.
  private func jobs() throws -> [TrainingJob] {
    let data = try ComparisonData(plan.source, window: plan.window)
    let groups = try plan.groups()
    var jobs: [TrainingJob] = []
    if plan.hasPublished {
      let (entries, data) = try publishedEntries(data.test.vocabulary)
      jobs += try self.jobs(entries, measured(entries, data.test), data.exam)
    }
    var entries = groups.flatMap(\.members).map { Entry($0, settings: settings($0, [:])) }
    if plan.hasAblations { entries += try ablationEntries(groups, [:]) }
    return jobs + (try self.jobs(entries, measured(entries, data.test), data.exam))
  }
}

extension ComparisonPlan {
  fileprivate func checkTakesParts() throws {
    try check()
    guard !isTuned, !hasEqualTime else {
      throw HintedError(
        "\(isTuned ? "--tune" : "--equal-time") does not go with --part: what is trained depends on what was "
          + "measured before",
        hint: "run those tables on one machine, in a folder of their own", status: .usage)
    }
  }

  /// The id of all that decides what is trained.
  fileprivate func inputs() throws -> ContentID {
    let members = try groups().flatMap(\.members).map { "\($0.shape.text):\($0.form.rawValue):\($0.window ?? 0)" }
    let vocabulary: String
    let exam: String
    switch source {
    case .text(_, let choice): (vocabulary, exam) = ("\(choice)", "none")
    case .corpus(_, let asked): (vocabulary, exam) = ("the corpus's", asked.map { "\($0.id)" } ?? "none")
    }
    return try ContentID(
      ofCanonical: [
        "alambic": AlambicVersion.current, "source": sourceID.description, "vocabulary": vocabulary, "exam": exam,
        "students": members.joined(separator: " "), "settings": try CanonicalJSON.text(settings),
        "seedCount": String(seedCount), "published": String(hasPublished), "ablations": String(hasAblations),
      ])
  }
}

extension ComparisonPartManifest {
  /// The first attempt that is complete and whole, and what is wrong with those before it.
  /// - Parameter folder: the comparison's, whose results are read; nil reads none.
  fileprivate static func winner(
    in place: PartFolder, inputs: ContentID, _ folder: String?
  ) -> (manifest: Self?, faults: [String]) {
    place.firstWhole { number in
      let path = place.manifest(ofAttempt: number)
      guard FileManager.default.fileExists(atPath: path) else { return nil }
      let found = (try? AtomicFile.read(path)).flatMap { try? CanonicalJSON.decode(Self.self, from: $0) }
      guard let found, found.schema == schema, found.part == place.part, found.attempt == number else {
        throw HintedError("its manifest is not one of this part")
      }
      guard found.inputs == inputs else { throw HintedError("it was made of other students, settings or texts") }
      for (name, id) in found.trainings.sorted(by: { $0.key < $1.key }) {
        guard let folder else { break }
        guard (try? ContentID(ofFile: JobRunner.path(of: name, in: folder))) == id else {
          throw HintedError("\(JobRunner.path(of: name, in: folder)) is not the file that its manifest names")
        }
      }
      return found
    }
  }
}
