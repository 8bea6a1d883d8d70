import Basics
import Foundation
import Lineage

/// What is done in parts, as far as a scheduler has to know it: a corpus that is asked, a sweep, or any other command
/// that takes `--part`.
public struct PartedWork: Sendable {
  /// How far a part is that is complete.
  public struct Completion: Sendable {
    /// In the work's unit.
    public var itemCount: Int
    public var cost: Double?
    public var durationSeconds: Double

    public init(itemCount: Int, cost: Double? = nil, durationSeconds: Double) {
      (self.itemCount, self.cost, self.durationSeconds) = (itemCount, cost, durationSeconds)
    }
  }

  /// What is counted of parts that are complete.
  public enum Unit: String, Sendable { case answers, trainings, records, windows }

  /// What one part is done by, without its part: `ask thermostat`.
  public var words: [String]
  /// What brings so many parts together.
  public var merge: @Sendable (_ partCount: Int) -> [String]
  /// Of the corpus, of the sweep, or of the folder; part of jobs' names.
  public var name: String
  /// What `alambic slurm` calls it: the corpus's name, the file's absolute path, or a folder.
  public var argument: String
  /// The folder that holds all parts, absolute.
  public var folder: String
  /// Where the words' paths start, absolute; nil where they do not depend on it.
  public var startFolder: String?
  public var unit: Unit
  /// Whether parts at once share something, and are told how many there are.
  public var sharesPace: Bool { unit == .answers }
  /// Whether a part is told how many processors the profile gives it.
  public var takesThreads: Bool {
    !sharesPace && !words.contains { $0 == "--threads" || $0.hasPrefix("--threads=") }
  }
  /// - Throws: `HintedError` for an order that cannot be followed.
  public var check: @Sendable (SlurmDesk.Order) throws -> Void
  /// Nil while a part is not complete.
  public var completion: @Sendable (Part) -> Completion?

  public init(
    words: [String], name: String, argument: String, folder: String, startFolder: String? = nil, unit: Unit,
    merge: @escaping @Sendable (_ partCount: Int) -> [String],
    check: @escaping @Sendable (SlurmDesk.Order) throws -> Void = { _ in },
    completion: @escaping @Sendable (Part) -> Completion?
  ) {
    (self.words, self.name, self.argument, self.folder) = (words, name, argument, folder)
    (self.startFolder, self.unit, self.merge) = (startFolder, unit, merge)
    (self.check, self.completion) = (check, completion)
  }

  /// A corpus's prompts.
  public static func asking(_ corpus: String, workspace: Workspace, folders: ProjectFolders) throws -> PartedWork {
    _ = try CorpusFolder.open(corpus, in: folders)
    return PartedWork(
      words: ["ask", corpus], name: corpus, argument: corpus, folder: workspace.parts(corpus), unit: .answers,
      merge: { ["merge", corpus, "--parts", String($0)] },
      check: { order in
        let folder = try CorpusFolder.open(corpus, in: folders)
        try folder.checkTakesParts(order.options)
        for teacher in try folder.teachers(in: folders, endpoint: order.options.endpoint) {
          _ = try teacher.sharingPace(among: min(order.atOnce ?? order.partCount, order.partCount))
        }
      },
      completion: { part in
        PartFolder(part, of: corpus, in: workspace).winner(inputs: nil, checksLedger: false).manifest.map {
          Completion(itemCount: $0.answerCount, cost: $0.cost, durationSeconds: $0.durationSeconds)
        }
      })
  }
}
