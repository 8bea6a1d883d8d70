import Basics
import Formats
import Foundation
import Networks
import TestSupport
import Testing

private typealias Change = (inout [BundleFile]) throws -> Void

/// A bundle in other hands: without its project, in another folder, changed.
@Suite("alambic verify of a bundle")
struct VerifyBundleTests {
  /// A tiny corpus's bundle, alone in a folder.
  private static func withBundle(_ body: (_ folder: String, _ archive: String) async throws -> Void) async throws {
    try await withTemporaryFolder { elsewhere in
      try await withTemporaryFolder { folder in
        let project = try TinyProject(in: folder)
        let path = project.path(try #require(try await project.make().output(of: "ship").path))
        let name = URL(fileURLWithPath: path).lastPathComponent
        try FileManager.default.moveItem(atPath: path, toPath: "\(elsewhere)/\(name)")
      }
      try await body(elsewhere, String(try #require(FileManager.default.contentsOfDirectory(atPath: elsewhere).first)))
    }
  }

  @Test("archive and folder are proven again when the project is gone; the small verifier agrees", .needsEmulator)
  func proven() async throws {
    try await Self.withBundle { folder, archive in
      let verify = AlambicCommand(in: folder)
      let whole = try await verify("verify \(archive)")
      #expect(whole.status == 0, "\(whole)")
      #expect(whole.standardOutput.contains("every SHA-256 is as listed; the answers are the report's\n"), "\(whole)")
      #expect(try await runTool("tar", ["xf", archive], in: folder).status == 0)
      let unpacked = String(archive.dropLast(".alambic.tar".count))
      let small = try await runTool("python3", ["\(unpacked)/verify.py"], in: folder)
      #expect(small.status == 0, "\(small.messages)")
      #expect(String(decoding: small.output, as: UTF8.self).hasSuffix("computed from model.atome: 0 bits differ\n"))
      // Only an own copy of the program is without a checkout above it.
      try FileManager.default.copyItem(atPath: AlambicCommand.program, toPath: "\(folder)/alambic")
      let alone = try await runTool(
        "env", ["-u", "ALAMBIC_PROJECT", "./alambic", "verify", "./\(unpacked)", "--json"], in: folder)
      #expect(alone.status == 0, "\(alone.messages)")
      #expect(alone.messages.contains("the sources of the engines are not here"), "\(alone.messages)")
      let report = try VerificationReport(reading: alone.output, name: "r")
      #expect(report.verdict == .equal && report.contenders.map(\.name) == ["C engine, in process"])
    }
  }

  /// Seals a bundle again after its files were changed: every hash is right.
  private static func forge(
    _ archive: String, _ change: (inout [BundleFile]) throws -> Void
  ) throws {
    let bundle = try BundleReader.read(archive)
    var files = bundle.files
    try change(&files)
    try AtomicFile.write(try SealedBundle(name: bundle.manifest.name, files: files).archive(), to: archive)
  }

  @Test("forged bundles with right hashes are refused by the file that does not fit", .needsEmulator)
  func forged() async throws {
    try await Self.withBundle { folder, archive in
      let path = "\(folder)/\(archive)"
      let honest = try AtomicFile.read(path)
      let other = AtomeImageFile.write(RandomModel.make(seed: 1, shape: .atome60K), provenance: nil)
      func replacing(_ name: String, _ change: @escaping ([UInt8]) throws -> [UInt8]) -> Change {
        { files in
          let index = try #require(files.firstIndex { $0.path == name })
          files[index].bytes = try change(files[index].bytes)
        }
      }
      let cases: [(Change, Int32, String)] = [
        (replacing("model.atome") { _ in other }, 1, "'report.json': it is about another image than model.atome"),
        (
          replacing("vectors.bin") {
            let vectors = try VerificationVectors(reading: $0, name: "v")
            return try vectors.with(contextLength: 65).bytes
          }, 1, "'vectors.bin': these are not the questions of report.json"
        ),
        (
          replacing("transcript.json") {
            var transcript = try PublishedTranscript(reading: $0, name: "t")
            transcript.answers[0].logits = ContentID(of: "x")
            return Array(try transcript.json.utf8)
          }, 1, "'transcript.json': model.atome gives other answers, the first at number 0"
        ),
        (
          replacing("report.json") {
            var report = try VerificationReport(reading: $0, name: "r")
            report.reference.transcriptID = ContentID(of: "x")
            return Array(try report.json.utf8)
          }, 1, "'report.json': model.atome gives another transcript to vectors.bin than the report tells"
        ),
        ({ $0.removeAll { $0.path == "vectors.bin" } }, 65, "no 'vectors.bin', so there is nothing to prove it by"),
      ]
      for (change, status, expected) in cases {
        try AtomicFile.write(honest, to: path)
        try Self.forge(path, change)
        let outcome = try await AlambicCommand(in: folder)("verify \(archive) --quiet")
        #expect(outcome.status == status && outcome.standardOutput.isEmpty, "\(outcome)")
        #expect(outcome.standardError.contains(expected), "\(expected): \(outcome)")
      }
      try AtomicFile.write(honest, to: path)
      expect(
        try await AlambicCommand(in: folder)("verify \(archive) --prompts 3"),
        is: .refusal(
          64, "\(archive) is a bundle, which brings its own questions",
          hint: "leave out --prompts, --bytes, --context, --data and the shape"))
    }
  }
}
