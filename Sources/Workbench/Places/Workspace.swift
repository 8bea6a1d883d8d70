import Basics
import Formats
import Foundation
import Lineage

/// Where results go: `.alambic/` unless told otherwise, in data order.
public struct Workspace: Sendable {
  public var root: String

  /// The environment variable that names the workspace; `--workspace` wins over it.
  public static let variable = "ALAMBIC_WORKSPACE"
  public static let defaultRoot = ".alambic"

  public init(root: String) { self.root = root }

  /// The workspace that a flag, else the environment, else the default names.
  public static func resolve(
    flag: String?, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> Workspace {
    let named = environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    return Workspace(root: flag ?? named ?? defaultRoot)
  }

  public var ledgerPath: String { "\(root)/ledger.sqlite" }
  public func documents(_ corpus: String) -> String { "\(root)/documents/\(corpus)" }
  public func documentsFile(_ corpus: String) -> String { "\(documents(corpus))/documents.jsonl.zst" }
  public func rejectionsFile(_ corpus: String) -> String { "\(documents(corpus))/rejections.jsonl.zst" }
  public func shards(_ corpus: String) -> String { "\(root)/shards/\(corpus)" }
  /// The shards of a corpus, or the folder itself where a path is given rather than a name.
  /// - Throws: `HintedError` for a name that no corpus here has, but a folder of shards.
  public func shardFolder(named corpus: String) throws -> String {
    guard !corpus.contains("/"), !corpus.hasPrefix(".") else { return corpus }
    let (files, folder) = (FileManager.default, shards(corpus))
    if !files.fileExists(atPath: folder), files.fileExists(atPath: "\(corpus)/\(ShardIndex.fileName)") {
      throw HintedError(
        "\(folder) is not there: no corpus '\(corpus)' was sharded in this workspace",
        hint: "for the folder of shards that is here, write ./\(corpus)")
    }
    return folder
  }
  public func run(_ corpus: String) -> String { "\(root)/runs/\(corpus)" }
  public func image(_ corpus: String) -> String { "\(root)/images/\(corpus).atome" }
  public func score(_ corpus: String) -> String { "\(root)/scores/\(corpus)" }
  public func sweep(_ name: String) -> String { "\(root)/sweeps/\(name)" }
  public func report(_ corpus: String) -> String { "\(root)/reports/\(corpus)" }
  public func bundles() -> String { "\(root)/bundles" }
  /// Build products of firmware: never shipped, safe to delete. Absolute, since make runs elsewhere.
  public func firmwareBuild(_ name: String) -> String { URL(fileURLWithPath: "\(root)/firmware/\(name)").path }

  /// A path as receipts store it: relative to the workspace where it is inside.
  public func relative(_ path: String) -> String {
    path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
  }

  /// The inverse of `relative`.
  public func absolute(_ path: String) -> String {
    path.hasPrefix("/") || path.hasPrefix(root + "/") ? path : "\(root)/\(path)"
  }

  /// The artifact that a file in this workspace is.
  public func artifact(_ kind: ArtifactKind, at path: String) throws -> Artifact {
    let bytes = try AtomicFile.read(path)
    return Artifact(id: ContentID(of: bytes), kind: kind, path: relative(path), byteCount: bytes.count)
  }
}
