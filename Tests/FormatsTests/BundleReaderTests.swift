import Basics
import Formats
import Foundation
import TestSupport
import Testing

@Suite("BundleReader")
struct BundleReaderTests {
  private static let files = [
    BundleFile(path: "README.txt", text: "read"), BundleFile(path: "a/b.bin", bytes: [0, 1]),
  ]

  private func message(of archive: [UInt8]) -> String {
    let error = #expect(throws: HintedError.self) { try BundleReader.read(archive, name: "x.tar") }
    return error?.message ?? ""
  }

  /// The manifest and SHA256SUMS of a bundle.
  private func closing(_ bundle: SealedBundle) throws -> [BundleFile] {
    try TarReader.read(try bundle.archive(), name: "t").suffix(2).map {
      BundleFile(path: String($0.path.dropFirst(bundle.folderName.count + 1)), bytes: $0.bytes)
    }
  }

  /// An archive of any files whatever, as a forger would write it.
  private func archive(_ files: [BundleFile], folder: String = "t-000000000000") throws -> [UInt8] {
    var writer = TarWriter()
    for file in files { try writer.append(BundleFile(path: "\(folder)/\(file.path)", bytes: file.bytes)) }
    return writer.finish()
  }

  @Test("Every flipped bit is refused")
  func flippedBits() throws {
    let archive = try SealedBundle(name: "t", files: Self.files).archive()
    for position in archive.indices {
      var damaged = archive
      damaged[position] ^= 1 << UInt8(position % 8)
      #expect(message(of: damaged).hasPrefix("x.tar"), "byte \(position)")
    }
  }

  @Test("A changed byte of a file is refused with that file's name")
  func changedBytes() throws {
    let bundle = try SealedBundle(name: "t", files: Self.files)
    let archive = try bundle.archive()
    var offset = 0
    for file in try bundle.files + closing(bundle) {
      let (path, count) = (file.path, file.bytes.count)
      for position in 512..<512 + count {
        var damaged = archive
        damaged[offset + position] ^= 0x21
        #expect(message(of: damaged).hasPrefix("x.tar: '\(path)' "), "\(path), byte \(position - 512)")
      }
      offset += 512 + (count + 511) / 512 * 512
    }
    #expect(offset + 1024 == archive.count)
  }

  @Test("A manifest that nobody vouches for is refused, and so is a stranger's archive around it")
  func folderNames() throws {
    let bundle = try SealedBundle(name: "t", files: Self.files)
    let renamed = try archive(bundle.files + closing(bundle), folder: "u-000000000000")
    #expect(message(of: renamed).contains("the folder is not named '\(bundle.folderName)'"))
    let unvouched = bundle.files + [try closing(bundle)[0], BundleFile(path: "SHA256SUMS", text: "")]
    #expect(message(of: try archive(unvouched)).contains("'manifest.json' has another SHA-256"))
  }

  @Test("An unpacked bundle is read under any name, with no file too many and none too few")
  func folders() async throws {
    let bundle = try SealedBundle(name: "t", files: Self.files)
    try await withTemporaryFolder { folder in
      for file in try bundle.files + closing(bundle) {
        try AtomicFile.write(file.bytes, to: "\(folder)/any/\(file.path)")
      }
      #expect(try BundleReader.read("\(folder)/any") == bundle)
      try AtomicFile.write("x", to: "\(folder)/any/a/more")
      let more = #expect(throws: HintedError.self) { try BundleReader.read("\(folder)/any") }
      #expect(more?.message == "\(folder)/any: 'a/more' is not in the manifest")
      try FileManager.default.removeItem(atPath: "\(folder)/any/a")
      let fewer = #expect(throws: HintedError.self) { try BundleReader.read("\(folder)/any") }
      #expect(fewer?.message == "\(folder)/any: 'a/b.bin' is missing")
      let none = #expect(throws: HintedError.self) { try BundleReader.read(folder) }
      #expect(none?.message == "\(folder): no 'manifest.json'")
    }
  }

  @Test("An archive that is cut or continued is refused")
  func length() throws {
    let archive = try SealedBundle(name: "t", files: Self.files).archive()
    for count in stride(from: 0, to: archive.count, by: 128) {
      #expect(message(of: Array(archive.prefix(count))).hasPrefix("x.tar"), "cut to \(count) bytes")
    }
    #expect(message(of: archive + [0]).contains("1 bytes follow the archive's end"))
  }

  @Test("A manifest that does not fit the files is refused")
  func forgedManifests() throws {
    let honest = BundleManifest(name: "t", files: Self.files)
    let changes: [(String, (inout BundleManifest) -> Void, String)] = [
      ("schema", { $0.schema = "alambic.bundle/9" }, "the schema is 'alambic.bundle/9'"),
      ("name", { $0.name = "../t" }, "cannot name a bundle"),
      ("hash", { $0.files[0].id = ContentID(of: "x") }, "'README.txt' is not the file that the manifest lists"),
      ("size", { $0.files[1].byteCount = Int.max }, "'a/b.bin' is not the file that the manifest lists"),
      ("path", { $0.files[1].path = "a/c.bin" }, "stands where the manifest lists 'a/c.bin'"),
      ("count", { _ = $0.files.popLast() }, "2 files, but the manifest lists 1"),
      ("nothing", { _ in }, "'SHA256SUMS' is not what sealing these files gives"),
    ]
    for (name, change, expected) in changes {
      var manifest = honest
      change(&manifest)
      let text = try CanonicalJSON.pretty(manifest)
      let closing = [
        BundleFile(path: "manifest.json", text: text),
        BundleFile(path: "SHA256SUMS", text: "\(ContentID(of: text).hex)  manifest.json\n"),
      ]
      let found = message(of: try archive(Self.files + closing))
      #expect(found.contains(expected), "\(name): \(found)")
    }
  }

  @Test("An archive without a manifest is no bundle")
  func noManifest() throws {
    #expect(message(of: try archive(Self.files)).contains("no manifest.json"))
    #expect(message(of: try archive([])).contains("no manifest.json"))
  }

  @Test("Archives of other tar programs are refused entry by entry: links, folders, owners, paths that lead out")
  func otherArchives() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write("x", to: "\(folder)/d/file")
      #expect(try await runTool("ln", ["-s", "/etc/passwd", "d/link"], in: folder).status == 0)
      let fixed = ["--format=ustar", "--owner=0", "--group=0", "--numeric-owner", "--mode=0644", "--mtime=@0"]
      let cases: [([String], String)] = [
        (["d/link"], "is not a plain file"), (["d"], "has an empty part"),
        (["--transform=s|^|../|", "-P", "d/file"], "has the part '..'"),
        (["--transform=s|^|/|", "-P", "d/file"], "has an empty part"),
        (["--owner=1", "d/file"], "is not a plain file"), (["--mtime=@1", "d/file"], "is not a plain file"),
      ]
      for (arguments, expected) in cases {
        let result = try await runTool("tar", ["cf", "a.tar"] + fixed + arguments, in: folder)
        #expect(result.status == 0, "\(result.messages)")
        let found = message(of: try AtomicFile.read("\(folder)/a.tar"))
        #expect(found.contains(expected), "\(arguments): \(found)")
      }
    }
  }

  @Test("Our headers are what tar writes for the same file")
  func sameAsTar() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write("hello", to: "\(folder)/file")
      let arguments = [
        "--format=ustar", "--owner=0", "--group=0", "--numeric-owner", "--mode=0644", "--mtime=@0", "-b", "1",
      ]
      #expect(try await runTool("tar", ["cf", "a.tar"] + arguments + ["file"], in: folder).status == 0)
      var writer = TarWriter()
      try writer.append(BundleFile(path: "file", text: "hello"))
      #expect(try AtomicFile.read("\(folder)/a.tar") == writer.finish())
    }
  }
}
