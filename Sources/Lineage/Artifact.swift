import Basics

/// The kinds of file that a stage leaves behind, in the order in which data travels.
public enum ArtifactKind: String, Hashable, Codable, Sendable, CaseIterable {
  case prompts, samples, documents, rejections, shards, checkpoint, vocabulary
  case atomeImage = "atome-image"
  case firmwareImage = "firmware-image"
  case score
  case report, vectors, transcript, bundle
}

/// A file (or, for samples, a set of ledger rows) with a content id: what receipts connect.
public struct Artifact: Hashable, Codable, Sendable {
  public var id: ContentID
  public var kind: ArtifactKind
  /// Relative to the workspace; nil for what lives in the ledger only.
  public var path: String?
  public var byteCount: Int

  public init(id: ContentID, kind: ArtifactKind, path: String?, byteCount: Int) {
    self.id = id
    self.kind = kind
    self.path = path
    self.byteCount = byteCount
  }
}
