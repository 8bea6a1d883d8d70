import Basics

/// Opens a bundle and believes nothing: every hash and size in the manifest is compared with the files, and the whole
/// archive with what sealing those files again would give.
public enum BundleReader {
  /// 1 GiB: bundles hold models of less than a mebibyte.
  public static let largestFile = 1 << 30

  /// - Throws: `HintedError` that names the entry or the rule that is broken.
  public static func read(_ path: String) throws -> SealedBundle {
    let file = try RandomAccessFile(path)
    guard file.byteCount <= largestFile else {
      throw HintedError("\(path): \(file.byteCount) bytes; a bundle has at most \(largestFile)")
    }
    return try read(try file.read(at: 0, count: file.byteCount), name: path)
  }

  /// - Parameter name: the archive's path, for messages.
  public static func read(_ archive: [UInt8], name: String) throws -> SealedBundle {
    let folder = try TarReader.read(archive, name: name)
    let files = folder.map { file in
      BundleFile(path: file.path.drop { $0 != "/" }.dropFirst().description, bytes: file.bytes)
    }
    guard let manifestFile = files.dropLast().last, manifestFile.path == BundleManifest.path else {
      throw HintedError("\(name): no \(BundleManifest.path) where a bundle has it: last but one", hint: hint)
    }
    let manifest = try manifest(from: manifestFile.bytes, name: name)
    let listed = Array(files.dropLast(2))
    try check(listed, against: manifest, name: name)
    let bundle = SealedBundle(manifest: manifest, id: ContentID(of: manifestFile.bytes), files: listed)
    // What is left: folder names, the order, SHA256SUMS, the manifest's own spelling.
    guard try bundle.archive() == archive else {
      throw HintedError(
        "\(name): SHA256SUMS, the folder's name or the manifest's spelling is not what sealing gives", hint: hint)
    }
    return bundle
  }

  private static let hint = "the archive is damaged, or alambic did not seal it; fetch it again"

  private static func manifest(from bytes: [UInt8], name: String) throws -> BundleManifest {
    let place = "\(name): \(BundleManifest.path)"
    let manifest = try CanonicalJSON.decode(BundleManifest.self, from: bytes, named: place)
    guard manifest.schema == BundleManifest.currentSchema else {
      throw HintedError(
        "\(place): the schema is '\(manifest.schema)', not '\(BundleManifest.currentSchema)'",
        hint: "another version of alambic sealed it")
    }
    if let violation = BundleManifest.violation(ofName: manifest.name) {
      throw HintedError("\(place): '\(manifest.name)' cannot name a bundle: \(violation)", hint: hint)
    }
    return manifest
  }

  private static func check(_ files: [BundleFile], against manifest: BundleManifest, name: String) throws {
    for (file, entry) in zip(files, manifest.files) {
      guard file.path == entry.path else {
        throw HintedError("\(name): '\(file.path)' stands where the manifest lists '\(entry.path)'", hint: hint)
      }
      guard file.bytes.count == entry.byteCount, ContentID(of: file.bytes) == entry.id else {
        throw HintedError("\(name): '\(file.path)' is not the file that the manifest lists", hint: hint)
      }
    }
    guard files.count == manifest.files.count else {
      throw HintedError(
        "\(name): \(files.count) files, but the manifest lists \(manifest.files.count)", hint: hint)
    }
  }
}
