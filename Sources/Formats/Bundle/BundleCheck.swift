import Basics

/// What must hold of a bundle's files, whether they came from an archive or a folder. The manifest's hash stands in
/// the folder's name and in SHA256SUMS, so that each of the three is convicted by the other two.
struct BundleCheck {
  /// The archive's or the folder's path, for messages.
  let name: String
  let folderName: String
  let manifestBytes: [UInt8]
  let checksums: [UInt8]

  static let hint = "it is damaged, or alambic did not seal it; fetch it again"

  private var id: ContentID { ContentID(of: manifestBytes) }

  /// The manifest, once the folder's name or SHA256SUMS vouch for it.
  func manifest() throws -> BundleManifest {
    let line = "\(id.hex)  \(BundleManifest.path)"
    let isListed = String(decoding: checksums, as: UTF8.self).split(separator: "\n").contains { $0 == line }
    guard isListed || folderName.hasSuffix("-\(id.short)") else {
      throw HintedError(
        "\(name): '\(BundleManifest.path)' has another SHA-256 than SHA256SUMS and the folder's name say",
        hint: Self.hint)
    }
    let place = "\(name): \(BundleManifest.path)"
    let manifest = try CanonicalJSON.decode(BundleManifest.self, from: manifestBytes, named: place)
    guard manifest.schema == BundleManifest.currentSchema else {
      throw HintedError(
        "\(place): the schema is '\(manifest.schema)', not '\(BundleManifest.currentSchema)'",
        hint: "another version of alambic sealed it")
    }
    if let violation = BundleManifest.violation(ofName: manifest.name) {
      throw HintedError("\(place): '\(manifest.name)' cannot name a bundle: \(violation)", hint: Self.hint)
    }
    return manifest
  }

  /// The bundle of these files, in the manifest's order.
  func bundle(of files: [BundleFile], _ manifest: BundleManifest) throws -> SealedBundle {
    for (file, entry) in zip(files, manifest.files) {
      guard file.path == entry.path else {
        throw HintedError("\(name): '\(file.path)' stands where the manifest lists '\(entry.path)'", hint: Self.hint)
      }
      guard file.bytes.count == entry.byteCount, ContentID(of: file.bytes) == entry.id else {
        throw HintedError("\(name): '\(file.path)' is not the file that the manifest lists", hint: Self.hint)
      }
    }
    guard files.count == manifest.files.count else {
      throw HintedError(
        "\(name): \(files.count) files, but the manifest lists \(manifest.files.count)", hint: Self.hint)
    }
    let bundle = SealedBundle(manifest: manifest, id: id, files: files)
    for (sealed, found) in zip(try bundle.closingFiles(), [manifestBytes, checksums]) where sealed.bytes != found {
      throw HintedError("\(name): '\(sealed.path)' is not what sealing these files gives", hint: Self.hint)
    }
    return bundle
  }
}
