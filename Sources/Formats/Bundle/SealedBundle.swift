import Basics

/// A sealed bundle: its manifest, its files, and the bytes of the archive.
public struct SealedBundle: Hashable, Sendable {
  public let manifest: BundleManifest
  /// The manifest's hash, which through its entries fixes every byte of the bundle.
  public let id: ContentID
  /// What the manifest lists.
  public let files: [BundleFile]

  /// - Throws: `HintedError` for a name or a path that no bundle may have.
  public init(name: String, files: [BundleFile]) throws {
    if let violation = BundleManifest.violation(ofName: name) {
      throw HintedError("'\(name)' cannot name a bundle: \(violation)", hint: "use letters, digits, '.', '_' and '-'")
    }
    manifest = BundleManifest(name: name, files: files)
    id = ContentID(of: try CanonicalJSON.pretty(manifest))
    self.files = files
  }

  init(manifest: BundleManifest, id: ContentID, files: [BundleFile]) {
    self.manifest = manifest
    self.id = id
    self.files = files
  }

  /// The folder that the archive unpacks to: `thermostat-0123456789ab`.
  public var folderName: String { "\(manifest.name)-\(id.short)" }

  /// The archive's file name.
  public var fileName: String { "\(folderName).alambic.tar" }

  /// The archive: the files in their order, the manifest, and SHA256SUMS, all in one folder.
  public func archive() throws -> [UInt8] {
    var writer = TarWriter()
    for file in try unpackedFiles() {
      try writer.append(BundleFile(path: "\(folderName)/\(file.path)", bytes: file.bytes))
    }
    return writer.finish()
  }

  /// All that the archive unpacks to, in its order; paths are relative to the folder.
  public func unpackedFiles() throws -> [BundleFile] { try files + closingFiles() }

  /// The manifest and SHA256SUMS.
  func closingFiles() throws -> [BundleFile] {
    let manifestFile = BundleFile(path: BundleManifest.path, text: try CanonicalJSON.pretty(manifest))
    let lines = (files + [manifestFile]).map { "\(ContentID(of: $0.bytes).hex)  \($0.path)\n" }
    return [manifestFile, BundleFile(path: BundleManifest.checksumsPath, text: lines.joined())]
  }
}
