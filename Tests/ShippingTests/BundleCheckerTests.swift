import Basics
import Formats
import Foundation
import Lineage
import Networks
import Shipping
import TestSupport
import Testing
import Verification

private let hasPython = ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":").contains {
  FileManager.default.isExecutableFile(atPath: "\($0)/python3")
}

/// verify.py was written from the documents alone; here it meets what Swift computes.
@Suite("verify.py of a bundle", .enabled(if: hasPython, "needs python3"))
struct BundleCheckerTests {
  /// A bundle's folder, and the program that checks it: never the copy in the folder, which may have been changed.
  private struct Unpacked {
    var folder: String
    var checker: String

    init(_ bundle: SealedBundle, in parent: String) async throws {
      (folder, checker) = ("\(parent)/\(bundle.folderName)", "\(parent)/checker.py")
      try AtomicFile.write(BundleChecker.program, to: checker)
      try AtomicFile.write(try bundle.archive(), to: "\(parent)/a.tar")
      #expect(try await runTool("tar", ["xf", "a.tar"], in: parent).status == 0)
    }

    func check() async throws -> (status: Int32, output: String, messages: String) {
      let result = try await runTool("python3", [checker, folder], in: "/")
      return (result.status, String(decoding: result.output, as: UTF8.self), result.messages)
    }
  }

  private static func image(_ model: CompactModel) throws -> [UInt8] {
    CompactImageFile.write(model, provenance: nil)
  }

  private static func vectors(seed: UInt64) throws -> VerificationVectors {
    try VerificationVectors(
      proving: VerificationPrompts.anyBytes(count: 12, seed: seed), texts: [], generatedByteCount: 20,
      contextLength: 9)
  }

  /// A bundle of this image, with a transcript that `change` may forge.
  private static func bundle(
    _ image: [UInt8], seed: UInt64 = 1, change: (inout PublishedTranscript) -> Void = { _ in }
  ) throws -> SealedBundle {
    let vectors = try vectors(seed: seed)
    var transcript = try PublishedTranscript(of: image, name: "model.atome", answering: vectors)
    change(&transcript)
    var contents = BundlerTests.contents
    contents.model = image
    contents.vectors = vectors.bytes
    contents.transcript = Array(try transcript.json.utf8)
    return try Bundler().seal(contents)
  }

  @Test("it is at most 300 lines of Python's own library")
  func size() throws {
    let lines = String(decoding: BundleChecker.program, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 301 && lines.allSatisfy { $0.count <= 120 })
    let modules = lines.filter { $0.hasPrefix("import ") || $0.hasPrefix("from ") }
      .flatMap { $0.prefix { $0 != "(" }.split { " ,".contains($0) }.dropFirst().prefix { $0 != "import" } }
    #expect(
      Set(modules).isSubset(of: [
        "hashlib", "json", "os", "struct", "sys", "array", "functools", "itertools", "math", "operator",
      ]), "\(modules)")
  }

  @Test("it computes every logit of compact images from all over their format", arguments: 0..<12 as Range<UInt64>)
  func compact(seed: UInt64) async throws {
    var shape = RandomModel.smallCompact
    if seed % 3 == 1 {
      shape = CompactShape(modelWidth: 16, layerCount: 1, stateWidth: 24, gateCount: 24, hiddenWidth: 9, passCount: 3)
    }
    if seed % 3 == 2 {
      shape = CompactShape(modelWidth: 33, layerCount: 3, stateWidth: 8, gateCount: 1, hiddenWidth: 40)
    }
    try await expectProven(try Self.image(RandomModel.makeCompact(seed: seed, shape: shape)), seed: seed)
  }

  @Test("and of float images, beyond the window too", arguments: 0..<4 as Range<UInt64>)
  func float(seed: UInt64) async throws {
    let shape =
      seed.isMultiple(of: 2)
      ? RandomModel.small : AtomeShape(modelWidth: 20, layerCount: 3, headWidth: 5, topK: 4, kernelSize: 5)
    try await expectProven(
      AtomeImageFile.write(RandomModel.make(seed: seed, shape: shape), provenance: nil), seed: seed)
  }

  private func expectProven(_ image: [UInt8], seed: UInt64) async throws {
    try await withTemporaryFolder { parent in
      let found = try await Unpacked(try Self.bundle(image, seed: seed), in: parent).check()
      #expect(found.status == 0 && found.messages.isEmpty, "\(found)")
      // 14 files of the bundle, the manifest and the sums; four of the 12 prompts are told.
      let expected = """
        16 files: every SHA-256 is as listed
        4 answers of transcript.json computed from model.atome: 0 bits differ

        """
      #expect(found.output == expected)
    }
  }

  @Test("a model that does not compute the transcript is refused, though every hash is right")
  func forgedModels() async throws {
    let (image, other) = (
      try Self.image(RandomModel.makeCompact(seed: 2, shape: RandomModel.smallCompact)),
      try Self.image(RandomModel.makeCompact(seed: 4, shape: RandomModel.smallCompact))
    )
    let theirs = try PublishedTranscript(of: other, name: "other", answering: try Self.vectors(seed: 1))
    let cases: [((inout PublishedTranscript) -> Void, String)] = [
      ({ $0.image = theirs.image }, "transcript.json: it is another image's, or it has no answers"),
      ({ $0.answers = [] }, "transcript.json: it is another image's, or it has no answers"),
      ({ $0.answers = theirs.answers }, "transcript.json: answer 0: model.atome gives other logits"),
      ({ $0.answers[2].logits = ContentID(of: "x") }, "transcript.json: answer 2: model.atome gives other logits"),
      (
        { $0.answers[3].chosen = String($0.answers[3].chosen.dropLast(2)) + "00" },
        "transcript.json: answer 3: model.atome gives other chosen tokens"
      ),
    ]
    try await withTemporaryFolder { parent in
      for (change, expected) in cases {
        let found = try await Unpacked(try Self.bundle(image, change: change), in: parent).check()
        #expect(found.status == 1 && found.messages == "refused: \(expected)\n", "\(found)")
      }
    }
  }

  @Test("a form that it does not know is not called proven")
  func unknownForms() async throws {
    let model = RandomModel.makeInteger(seed: 1, shape: RandomModel.small, cache: .int8)
    try await withTemporaryFolder { parent in
      let bundle = try Self.bundle(IntegerImageFile.write(model, provenance: nil))
      let found = try await Unpacked(bundle, in: parent).check()
      #expect(found.status == 2 && found.output == "16 files: every SHA-256 is as listed\n")
      #expect(found.messages.hasPrefix("not proven: this program does not know the form b'ATOMEQ01'"), "\(found)")
    }
  }

  @Test("a file too many, a file too few; but the folder may have any name")
  func files() async throws {
    let image = try Self.image(RandomModel.makeCompact(seed: 2, shape: RandomModel.smallCompact))
    try await withTemporaryFolder { parent in
      var unpacked = try await Unpacked(try Self.bundle(image), in: parent)
      try FileManager.default.moveItem(atPath: unpacked.folder, toPath: "\(parent)/renamed")
      unpacked.folder = "\(parent)/renamed"
      #expect(try await unpacked.check().status == 0)
      try AtomicFile.write("x", to: "\(unpacked.folder)/recipe/more.txt")
      #expect(try await unpacked.check().messages == "refused: recipe/more.txt: manifest.json does not list it\n")
      try FileManager.default.removeItem(atPath: "\(unpacked.folder)/recipe/more.txt")
      try FileManager.default.removeItem(atPath: "\(unpacked.folder)/LICENSES.md")
      let found = try await unpacked.check()
      #expect(found.status == 1 && found.messages.hasPrefix("refused: LICENSES.md: cannot be read"), "\(found)")
    }
  }

  /// `make bundle-changes` asks for a thousand.
  private static let changeCount =
    ProcessInfo.processInfo.environment["ALAMBIC_BUNDLE_CHANGES"].flatMap(Int.init) ?? 40

  @Test("each changed byte is refused with its file's name, by verify.py and by alambic's reader")
  func changes() async throws {
    let image = try Self.image(RandomModel.makeCompact(seed: 2, shape: RandomModel.smallCompact))
    let bundle = try Self.bundle(image)
    try await withTemporaryFolder { parent in
      let unpacked = try await Unpacked(bundle, in: parent)
      let paths = bundle.files.map(\.path) + ["manifest.json", "SHA256SUMS"]
      var generator = SeededGenerator(seed: 15)
      for number in 0..<Self.changeCount {
        // Every file has its turn, small ones as often as large ones.
        let path = paths[number % paths.count]
        let whole = try AtomicFile.read("\(unpacked.folder)/\(path)")
        var changed = whole
        let position = generator.below(whole.count)
        changed[position] = UInt8((Int(whole[position]) + 1 + generator.below(255)) % 256)
        try AtomicFile.write(changed, to: "\(unpacked.folder)/\(path)")
        let found = try await unpacked.check()
        #expect(
          found.status == 1 && found.messages.hasPrefix("refused: \(path): "), "byte \(position) of \(path): \(found)")
        let error = #expect(throws: HintedError.self) { try BundleReader.read(unpacked.folder) }
        #expect(error?.message.contains("'\(path)'") == true, "byte \(position) of \(path): \(error?.message ?? "")")
        try AtomicFile.write(whole, to: "\(unpacked.folder)/\(path)")
      }
      #expect(try BundleReader.read(unpacked.folder) == bundle)
      #expect(try await unpacked.check().status == 0)
    }
  }
}
