import Basics
import Conversation
import Formats
import Foundation
import Lineage

/// What a step may read: the artifacts that its receipt names as inputs, by kind. Whatever else decided its outputs
/// would be a change that no receipt notices.
struct StepInputs: Sendable {
  let artifacts: [Artifact]
  private let workspace: Workspace

  init(_ artifacts: [Artifact], in workspace: Workspace) {
    self.artifacts = artifacts
    self.workspace = workspace
  }

  func all(_ kind: ArtifactKind) -> [Artifact] { artifacts.filter { $0.kind == kind } }

  /// The first artifact of a kind.
  func first(_ kind: ArtifactKind) throws -> Artifact {
    guard let artifact = all(kind).first else {
      throw HintedError("a step was given no \(kind.rawValue)", status: .internalFault)
    }
    return artifact
  }

  /// Where the file of a kind lies.
  func path(_ kind: ArtifactKind) throws -> String { try path(of: first(kind)) }

  func path(of artifact: Artifact) throws -> String {
    guard let path = artifact.path else {
      throw HintedError("a step was given \(artifact.kind.rawValue) that is not a file", status: .internalFault)
    }
    return workspace.absolute(path)
  }

  func bytes(_ kind: ArtifactKind) throws -> [UInt8] { try AtomicFile.read(path(kind)) }

  /// Where the files of a kind lie that belong together.
  func folder(_ kind: ArtifactKind) throws -> String {
    URL(fileURLWithPath: try path(kind)).deletingLastPathComponent().relativePath
  }

  func documents() throws -> [Document] { try RecordFile.read(Document.self, path(.documents)) }

  func image() throws -> LoadedImage { try LoadedImage(path: path(.atomeImage)) }

  /// Nil where nobody judges the corpus.
  func score() throws -> Score? {
    guard !all(.score).isEmpty else { return nil }
    return try Score(reading: bytes(.score), name: path(.score))
  }
}
