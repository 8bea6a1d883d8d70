import Basics
import Foundation
import Ledger
import Lineage
import Teachers

/// What the command line works with: a project to read, a workspace to write, a ledger that remembers.
public struct Workbench: Sendable {
  public let folders: ProjectFolders
  public let workspace: Workspace
  public let ledger: Ledger

  /// Opens the workspace's ledger, or starts one.
  /// - Throws: `HintedError` when there is no project, or the ledger cannot be opened.
  public init(workspace: Workspace, folders: ProjectFolders? = nil) throws {
    self.folders = try folders ?? ProjectFolders.locate()
    self.workspace = workspace
    try AtomicFile.makeFolder(workspace.root)
    ledger = try Ledger(path: workspace.ledgerPath)
  }

  /// Opens what is there to look at it, and makes nothing.
  /// - Parameter mayBeUnmade: whether a workspace that is not there yet is looked at as one in which nothing is made.
  /// - Throws: `HintedError` for a workspace that is not there, and a ledger that cannot be read.
  public init(looking workspace: Workspace, mayBeUnmade: Bool, folders: ProjectFolders? = nil) throws {
    self.folders = try folders ?? ProjectFolders.locate()
    self.workspace = workspace
    let manager = FileManager.default
    if mayBeUnmade, !manager.fileExists(atPath: workspace.ledgerPath) {
      ledger = try Ledger(unmade: workspace.ledgerPath)
      return
    }
    guard manager.fileExists(atPath: workspace.root) else {
      throw HintedError(
        "there is no workspace \(workspace.root)",
        hint: "`alambic make NAME` begins one; --workspace or $\(Workspace.variable) names another", status: .badData)
    }
    ledger = try Ledger(looking: workspace.ledgerPath)
  }

  /// The pipeline of a corpus.
  public func pipeline(
    _ corpus: String, options: Pipeline.Options = Pipeline.Options(), emit: @escaping EventSink = { _ in }
  ) throws -> Pipeline {
    try Pipeline(
      corpus: try CorpusFolder.open(corpus, in: folders), folders: folders, workspace: workspace, ledger: ledger,
      options: options, emit: emit)
  }

  /// What asking a corpus's prompts would take, given what the ledger holds.
  public func estimate(_ corpus: String, options: Pipeline.Options = Pipeline.Options()) async throws -> AskPreview {
    let corpus = try CorpusFolder.open(corpus, in: folders)
    return try await Pipeline.askStep(
      corpus, folders, ledger, options, Budget(maximum: options.spendMaximum)
    ).preview()
  }
}
