import Basics
import Foundation

/// What was submitted for a corpus: `parts/<corpus>/slurm/jobs.json`, specified in docs/formats/parts.md.
public struct SlurmJobs: Codable, Hashable, Sendable {
  public static let schema = "alambic.slurm-jobs/1"

  /// One array job.
  public struct Array: Codable, Hashable, Sendable {
    public var job: String
    /// A task asks the part of its index and this.
    public var offset: Int
    /// Numbers of parts, as `1-3,7`.
    public var parts: String
  }

  public var schema: String
  /// Its name, or that of the sweep.
  public var corpus: String
  public var partCount: Int
  public var atOnce: Int?
  /// The profile's file, absolute.
  public var cluster: String
  /// Options that every part is given.
  public var arguments: [String]
  public var arrays: [Array]
  /// Jobs that merge.
  public var merges: [String]

  static func path(_ work: PartedWork) -> String { "\(work.folder)/slurm/jobs.json" }

  /// - Throws: `HintedError` where nothing was submitted.
  static func read(_ work: PartedWork) throws -> SlurmJobs {
    let path = path(work)
    guard FileManager.default.fileExists(atPath: path) else {
      throw HintedError(
        "no parts of \(work.name) were submitted: there is no \(path)",
        hint: "alambic slurm submit \(work.argument) --parts 16 --cluster clusters/mine.yaml", status: .usage)
    }
    guard let jobs = try? CanonicalJSON.decode(SlurmJobs.self, from: AtomicFile.read(path)), jobs.schema == schema
    else { throw HintedError("\(path) is not a list of jobs that this version reads") }
    return jobs
  }

  func write(in work: PartedWork) throws {
    try AtomicFile.write(try CanonicalJSON.pretty(self), to: Self.path(work))
  }

  var jobIDs: [String] { arrays.map(\.job) + merges }
}
