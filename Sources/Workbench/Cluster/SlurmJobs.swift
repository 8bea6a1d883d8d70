import Basics
import Foundation

/// What was submitted: `slurm/jobs.json` beside the parts, specified in docs/formats/parts.md.
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
  /// Its name, or that of the sweep or the folder.
  public var corpus: String
  /// What one part is done by, and where its paths start; nil for a corpus and a sweep, which are named.
  public var command: [String]?
  public var startFolder: String?
  public var partCount: Int
  public var atOnce: Int?
  /// The profile's file, absolute.
  public var cluster: String
  /// Options that every part is given.
  public var arguments: [String]
  public var arrays: [Array]
  /// Jobs that merge.
  public var merges: [String]

  static func path(_ work: PartedWork) -> String { path(in: work.folder) }

  private static func path(in parts: String) -> String { "\(parts)/slurm/jobs.json" }

  /// - Throws: `HintedError` where nothing was submitted.
  static func read(_ work: PartedWork) throws -> SlurmJobs {
    try read(
      in: work.folder, of: work.name,
      hint: "alambic slurm submit \(work.argument) --parts 16 --cluster clusters/mine.yaml")
  }

  /// What was submitted for a command that leaves its parts in `parts`, which are in a folder of this name.
  /// - Throws: `HintedError` where nothing was.
  public static func ofCommand(in parts: String, of name: String) throws -> SlurmJobs {
    try read(
      in: parts, of: name,
      hint: "alambic slurm submit --parts 16 --cluster clusters/mine.yaml -- COMMAND, which ends in this folder")
  }

  /// Whether a command's parts in this folder were submitted.
  public static func exist(in parts: String) -> Bool { FileManager.default.fileExists(atPath: path(in: parts)) }

  private static func read(in parts: String, of name: String, hint: String) throws -> SlurmJobs {
    let path = path(in: parts)
    guard exist(in: parts) else {
      throw HintedError("no parts of \(name) were submitted: there is no \(path)", hint: hint, status: .usage)
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
