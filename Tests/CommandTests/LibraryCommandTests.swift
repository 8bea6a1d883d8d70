import Basics
import Formats
import Foundation
import Networks
import TestSupport
import Testing

/// `alambic firmware --library`: what the example says is what `talk` says.
@Suite("alambic firmware --library")
struct LibraryCommandTests {
  private static let prompt = "> is it warm?\n"

  /// An image of each engine.
  private static let images: [(name: String, bytes: [UInt8])] = [
    ("float", AtomeImageFile.write(RandomModel.make(seed: 5, shape: RandomModel.small), provenance: nil)),
    (
      "integer",
      IntegerImageFile.write(
        RandomModel.makeInteger(seed: 3, shape: RandomModel.small, cache: .int8), trainedContext: 20, provenance: nil)
    ),
    (
      "compact",
      CompactImageFile.write(RandomModel.makeCompact(seed: 6, shape: RandomModel.smallCompact), provenance: nil)
    ),
  ]

  private static let sampled = ["--temperature", "0.8", "--top-k", "40", "--top-p", "0.9", "--seed", "7"]

  /// The example, if it drew what it says by these settings.
  private static func sampling(_ main: String) -> String {
    main.replacing(#/static (\w+)_model model;/#) { "\($0.0)\nstatic \($0.1)_sampler sampler;" }
      .replacing(#/  (\w+)_read\(/#) { match in
        "  if (\(match.1)_sampler_open(&sampler, 800u, 40u, 900u, 7u) != NULL) return 2;\n\(match.0)"
      }
      .replacing("_next(&model, text)", with: "_draw(&model, &sampler, text)")
  }

  @Test("the example continues the prompt as `talk` does, in the context that the student was trained with")
  func talks() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      for (name, bytes) in Self.images {
        try AtomicFile.write(bytes, to: "\(folder)/model.atome")
        let library = "our libraries/\(name)_student"
        let made = try await alambic.run(
          ["firmware", "model.atome", "--library", library, "--prompt", Self.prompt, "--bytes", "60", "--json"])
        #expect(made.status == 0 && made.standardError.isEmpty, "\(made)")
        let answer = try made.json()
        #expect(answer["schema"] as? String == "alambic.library/1")
        #expect(answer["name"] as? String == "\(name)_student")
        #expect(answer["image"] as? String == ContentID(of: bytes).description)
        #expect(answer["context"] as? Int == (name == "integer" ? 20 : 64))
        let source = "\(folder)/\(library)/src/\(name)_student.c"
        let files = try #require(answer["files"] as? [[String: Any]])
        #expect(files.contains { $0["path"] as? String == "\(library)/src/\(name)_student.c" })
        let main = String(
          decoding: try AtomicFile.read("\(folder)/\(library)/examples/c/main.c"), as: UTF8.self)
        for (program, options) in [(main, []), (Self.sampling(main), Self.sampled)] {
          try AtomicFile.write(program, to: "\(folder)/main.c")
          let built = try await runTool(
            "gcc", ["-O2", "-I\(folder)/\(library)/src", source, "main.c", "-o", "example"], in: folder)
          #expect(built.status == 0, "\(built.messages)")
          let said = try await runTool("env", ["\(folder)/example"], in: folder)
          let talk = try await alambic.run(
            ["talk", "model.atome", "--prompt", Self.prompt, "--bytes", "60", "--stop", "--json"] + options)
          let output = try #require(try talk.json()["output"] as? [Int])
          #expect(said.output.map(Int.init) == output + [10], "\(name) \(options)")
        }
      }
    }
  }

  @Test("options that do not fit together, and what is not a name, are refused and leave nothing")
  func misuse() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      try AtomicFile.write(Self.images[0].bytes, to: "\(folder)/model.atome")
      let both = "firmware is for a board, with --board and --out, or a library, with --library"
      let hint = "give --board NAME --out FOLDER, or --library FOLDER alone"
      for options in ["", "--board rpi-pico", "--out x", "--library x --board rpi-pico --out x", "--library x --out y"]
      {
        expect(try await alambic("firmware model.atome \(options)"), is: .refusal(64, both, hint: hint))
      }
      let named = try await alambic("firmware model.atome --library My-Library")
      #expect(named.status == 64 && named.standardError.contains("cannot be called 'My-Library'"), "\(named)")
      let missing = try await alambic("firmware none.atome --library x")
      #expect(missing.status == 65, "\(missing)")
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left == ["model.atome"])
    }
  }
}
