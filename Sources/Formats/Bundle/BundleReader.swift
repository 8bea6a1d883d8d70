import Basics
import Foundation

/// Opens a bundle and believes nothing: every hash and size in the manifest is compared with the files, and the whole
/// archive with what sealing those files again would give.
public enum BundleReader {
  /// 1 GiB: bundles hold models of less than a mebibyte.
  public static let largestFile = 1 << 30

  /// Reads an archive, or the folder that one was unpacked to.
  /// - Throws: `HintedError` that names the file, the entry or the rule that is broken.
  public static func read(_ path: String) throws -> SealedBundle {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      return try read(folder: path)
    }
    return try read(try bytes(path), name: path)
  }

  /// - Parameters:
  ///   - archive: its bytes.
  ///   - name: the archive's path, for messages.
  public static func read(_ archive: [UInt8], name: String) throws -> SealedBundle {
    let folder = try TarReader.read(archive, name: name)
    let files = folder.map { file in
      BundleFile(path: file.path.drop { $0 != "/" }.dropFirst().description, bytes: file.bytes)
    }
    guard let manifestFile = files.dropLast().last, manifestFile.path == BundleManifest.path else {
      throw HintedError(
        "\(name): no \(BundleManifest.path) where a bundle has it: last but one", hint: BundleCheck.hint)
    }
    let check = BundleCheck(
      name: name, folderName: folder.first?.path.prefix { $0 != "/" }.description ?? "",
      manifestBytes: manifestFile.bytes, checksums: files.last?.bytes ?? [])
    let bundle = try check.bundle(of: Array(files.dropLast(2)), try check.manifest())
    // What is left: the folder's name in each entry, and the last entry's own.
    guard try bundle.archive() == archive else {
      throw HintedError(
        "\(name): the folder is not named '\(bundle.folderName)' in every entry, or the last is not "
          + BundleManifest.checksumsPath, hint: BundleCheck.hint)
    }
    return bundle
  }

  /// A folder may have been renamed; then SHA256SUMS alone vouches for the manifest.
  private static func read(folder: String) throws -> SealedBundle {
    let paths = try paths(in: folder)
    let closing = [BundleManifest.path, BundleManifest.checksumsPath]
    if let missing = closing.first(where: { !paths.contains($0) }) {
      throw HintedError("\(folder): no '\(missing)'", hint: "give the archive of a bundle, or the folder it unpacks to")
    }
    let check = BundleCheck(
      name: folder, folderName: URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent,
      manifestBytes: try bytes("\(folder)/\(closing[0])"), checksums: try bytes("\(folder)/\(closing[1])"))
    let manifest = try check.manifest()
    let listed = manifest.files.map(\.path)
    if let stranger = paths.subtracting(listed + closing).min() {
      throw HintedError("\(folder): '\(stranger)' is not in the manifest", hint: "move it elsewhere")
    }
    let files = try listed.map { path in
      guard paths.contains(path) else {
        throw HintedError("\(folder): '\(path)' is missing", hint: BundleCheck.hint)
      }
      return BundleFile(path: path, bytes: try bytes("\(folder)/\(path)"))
    }
    return try check.bundle(of: files, manifest)
  }

  /// Relative paths of all that is no folder.
  private static func paths(in folder: String) throws -> Set<String> {
    guard let names = FileManager.default.enumerator(atPath: folder) else {
      throw HintedError("\(folder) cannot be read")
    }
    var paths: Set<String> = []
    while let name = names.nextObject() as? String {
      if names.fileAttributes?[.type] as? FileAttributeType != .typeDirectory { paths.insert(name) }
    }
    return paths
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    let file = try RandomAccessFile(path)
    guard file.byteCount <= largestFile else {
      throw HintedError("\(path): \(file.byteCount) bytes; a bundle has at most \(largestFile)")
    }
    return try file.read(at: 0, count: file.byteCount)
  }
}
