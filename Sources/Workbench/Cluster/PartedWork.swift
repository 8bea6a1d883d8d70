import Basics
import Foundation
import Lineage

/// What is done in parts, as far as a scheduler has to know it: a corpus that is asked, or a sweep.
public struct PartedWork: Sendable {
  /// How far a part is that is complete.
  public struct Completion: Sendable {
    /// Answers, or trainings.
    public var itemCount: Int
    public var cost: Double?
    public var durationSeconds: Double

    public init(itemCount: Int, cost: Double? = nil, durationSeconds: Double) {
      (self.itemCount, self.cost, self.durationSeconds) = (itemCount, cost, durationSeconds)
    }
  }

  /// What one part is done by: `ask`, `sweep`.
  public var command: String
  /// Of the corpus, or of the sweep; part of jobs' names.
  public var name: String
  /// As commands take it, wherever they run: the corpus's name, or the file's absolute path.
  public var argument: String
  /// The folder that holds all parts, absolute.
  public var folder: String
  /// Whether parts at once share something, and are told how many there are.
  public var sharesPace: Bool
  /// Whether a part is told how many processors the profile gives it.
  public var takesThreads: Bool { !sharesPace }
  /// - Throws: `HintedError` for an order that cannot be followed.
  public var check: @Sendable (SlurmDesk.Order) throws -> Void
  /// Nil while a part is not complete.
  public var completion: @Sendable (Part) -> Completion?

  public init(
    command: String, name: String, argument: String, folder: String, sharesPace: Bool,
    check: @escaping @Sendable (SlurmDesk.Order) throws -> Void, completion: @escaping @Sendable (Part) -> Completion?
  ) {
    (self.command, self.name, self.argument, self.folder) = (command, name, argument, folder)
    (self.sharesPace, self.check, self.completion) = (sharesPace, check, completion)
  }

  /// A corpus's prompts.
  public static func asking(_ corpus: String, workspace: Workspace, folders: ProjectFolders) throws -> PartedWork {
    _ = try CorpusFolder.open(corpus, in: folders)
    return PartedWork(
      command: "ask", name: corpus, argument: corpus, folder: workspace.parts(corpus), sharesPace: true
    ) { order in
      let folder = try CorpusFolder.open(corpus, in: folders)
      try folder.checkTakesParts(order.options)
      for teacher in try folder.teachers(in: folders, endpoint: order.options.endpoint) {
        _ = try teacher.sharingPace(among: min(order.atOnce ?? order.partCount, order.partCount))
      }
    } completion: { part in
      PartFolder(part, of: corpus, in: workspace).winner(inputs: nil, checksLedger: false).manifest.map {
        Completion(itemCount: $0.answerCount, cost: $0.cost, durationSeconds: $0.durationSeconds)
      }
    }
  }
}
