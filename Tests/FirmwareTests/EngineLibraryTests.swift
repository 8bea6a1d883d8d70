import Basics
import Firmware
import Foundation
import TestSupport
import Testing

/// The C that `alambic firmware --library` writes: what it says, its logits' bits, and what a project sees of it.
@Suite("Engine libraries", .needs(["gcc", "clang"]))
struct EngineLibraryTests {
  private static let sanitizers = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
  private static let builds: [(compiler: String, flags: [String])] = [
    ("gcc", ["-O2"]), ("clang", ["-O2"]), ("gcc", sanitizers), ("clang", sanitizers + ["-fuse-ld=lld"]),
  ]

  @Test(
    "the example says what the Swift reference says, without a warning or a word of a sanitizer",
    arguments: try LibraryBench.benches)
  func says(_ bench: Bench) async throws {
    try await bench.withLibrary { library in
      for build in Self.builds {
        let outcome = try await library.run(library.example, by: build.compiler, build.flags)
        #expect(outcome.status == 0 && outcome.messages.isEmpty, "\(build): \(outcome.messages)")
        let (said, expected) = (outcome.output, try library.expected())
        #expect(said == expected, "\(build): \(String(decoding: said, as: UTF8.self))")
      }
    }
  }

  /// What a prompt's end holds back is chosen again, by one token or several, and a token may pass the limit.
  @Test("prompts that end inside of a token, or are held back whole, and a limit inside of one")
  func heldPrompts() async throws {
    let prompts = ["", " ", " t", " th", "19", "19.", "is", "is i", "a", "> is", "x19", "hall a", "so? th", "w?"]
    try await Bench.withVocabulary.withLibrary { library in
      _ = try await library.compile("gcc", ["-O1", "-c", library.source, "-o", "demo.o"])
      let (main, limited) = (try library.text("examples/c/main.c"), "\(library.folder)/limited.c")
      for limit in [1, 2, Bench.textByteLimit] {
        let text = main.replacing("BYTE_LIMIT = \(Bench.textByteLimit)", with: "BYTE_LIMIT = \(limit)")
        try AtomicFile.write(text, to: limited)
        for prompt in prompts {
          let built = try await library.compile(
            "gcc", ["-DPROMPT=\"\(prompt)\"", library.headers, limited, "demo.o", "-o", "held"])
          #expect(built.status == 0, "\(built.messages)")
          let said = try await runTool("env", ["\(library.folder)/held"], in: library.folder).output
          let expected = try library.bench.continuation(of: Array(prompt.utf8)).text.prefix(limit) + [0x0A]
          #expect(said == Array(expected), "'\(prompt)', \(limit): \(said)")
        }
      }
    }
  }

  @Test(
    "each bit of each logit is the Swift reference's, again after a reset",
    arguments: try LibraryBench.benches)
  func logits(_ bench: Bench) async throws {
    try await bench.withLibrary { library in
      let tokens = (0..<60).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
      let expected = String(try bench.logitChecksum(of: tokens), radix: 16)
      let probe = "\(library.folder)/probe.c"
      try AtomicFile.write(Self.probe, to: probe)
      for (compiler, flags) in [("gcc", ["-O2"]), ("gcc", ["-Os"]), ("clang", ["-O3"])] {
        let outcome = try await library.run(probe, by: compiler, flags)
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(String(decoding: outcome.output, as: UTF8.self) == "\(expected)\n", "\(compiler) \(flags)")
      }
    }
  }

  /// The checksum of all logits, if a reset forgets all that was read.
  private static let probe = """
    #include "demo.h"
    #include <inttypes.h>
    #include <stdio.h>
    #include <string.h>
    static demo_model model;
    static uint64_t sum_of(void) {
      uint64_t sum = UINT64_C(0xCBF29CE484222325);
      for (uint32_t i = 0; i < 60u; i++) {
        uint8_t bytes[1024];
        memcpy(bytes, demo_step(&model, (uint8_t)(i * 37u + 11u)), sizeof bytes);
        for (size_t k = 0; k < sizeof bytes; k++) sum = (sum ^ bytes[k]) * UINT64_C(0x100000001B3);
      }
      return sum;
    }
    int main(void) {
      if (demo_open(&model) != NULL) return 1;
      const uint64_t first = sum_of();
      demo_reset(&model);
      if (sum_of() != first) return 2;
      printf("%" PRIx64 "\\n", first);
      return 0;
    }

    """

  @Test("a project sees its functions alone, and takes a second library as well", arguments: try LibraryBench.benches)
  func symbols(_ bench: Bench) async throws {
    let speech = ["draw", "next", "open", "read", "reset", "sampler_open", "step"]
    let labels = ["label", "label_name", "open", "read", "reset", "step"]
    try await bench.withLibrary(named: "first") { first in
      try await Bench.float.withLibrary(named: "second") { second in
        for library in [first, second] {
          let built = try await library.compile("gcc", ["-O2", "-c", library.source, "-o", "library.o"])
          #expect(built.status == 0, "\(built.messages)")
          let seen = try await library.symbols("nm", "library.o", "--defined-only")
          let functions = library.bench.head == nil ? speech : labels
          #expect(seen == functions.map { "\(library.library.name)_\($0)" })
        }
        let both = try await first.compile(
          "gcc", [first.headers, first.source, second.source, first.example, "-o", "both"])
        #expect(both.status == 0, "\(both.messages)")
      }
    }
  }

  @Test(
    "no file of the engine can be left out: the library holds what it needs and no more",
    arguments: try LibraryBench.benches)
  func parts(_ bench: Bench) async throws {
    try await bench.withLibrary { library in
      let whole = try library.text("src/demo.c")
      let titles = whole.matches(of: #/\/\* ---- (.*\.c|the image) ---- \*\//#)
      #expect(titles.count >= 12)
      for (title, end) in zip(titles, titles.dropFirst().map(\.range.lowerBound) + [whole.endIndex]) {
        var damaged = whole
        damaged.removeSubrange(title.range.lowerBound..<end)
        try AtomicFile.write(damaged, to: library.source)
        let built = try await library.run(library.example, by: "gcc", ["-Os"])
        #expect(built.status != 0, "\(title.1) was not missed")
      }
    }
  }

  /// The one of the two texts that is refused, and what no label has a name for; a text in parts.
  @Test("a label's number and margin, texts in parts, and no label")
  func labels() async throws {
    let bench = try Bench.classifier
    let texts = [Bench.prompt, Array(Bench.lines[0].utf8), []]
    let expected = try texts.map { try bench.label(of: $0) }
    #expect(expected[0] != expected[1] && expected[0...1].contains("none of these"))
    try await bench.withLibrary { library in
      let main = "\(library.folder)/labels.c"
      try AtomicFile.write(Self.labelling(texts), to: main)
      for compiler in ["gcc", "clang"] {
        let outcome = try await library.run(main, by: compiler, ["-O1"])
        #expect(outcome.status == 0, "\(outcome.messages)")
        let said = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n").map(String.init)
        // A refused text has the number -1, and its margin is below that of the other.
        let numbers = said.compactMap { Int($0.split(separator: " ").first ?? "") }
        #expect(numbers.count == 3 && zip(numbers, expected).allSatisfy { ($0 == -1) == ($1 == "none of these") })
        #expect(said.map { String($0.split(separator: " ", maxSplits: 2).last ?? "") } == expected, "\(said)")
        let margins = said.compactMap { Int($0.split(separator: " ").dropFirst().first ?? "") }
        #expect((margins[0] < margins[1]) == (numbers[0] == -1))
      }
      let header = try library.text("src/demo.h")
      #expect(header.contains("#define DEMO_LABEL_COUNT 3\n") && header.contains(" *   1: Heat\n"))
      #expect(header.contains(" *   0: * / stop /\n"), "\(header)")
    }
  }

  private static func labelling(_ texts: [[UInt8]]) -> String {
    let literals = texts.map { "\"\(String(decoding: $0, as: UTF8.self))\"" }.joined(separator: ", ")
    return """
      #include "demo.h"
      #include <stdio.h>
      static demo_model model;
      int main(void) {
        static const char *const texts[] = {\(literals)};
        if (demo_open(&model) != NULL) return 1;
        for (int i = 0; i < \(texts.count); i++) {
          size_t size = 0;
          int32_t margin = 0;
          for (const char *next = texts[i]; *next != 0; next++) demo_read(&model, next, 1);
          const int label = demo_label(&model, &margin);
          const char *name = demo_label_name(&model, label, &size);
          printf("%d %d %.*s\\n", label, (int)margin, (int)size, name);
        }
        size_t size = 0;
        (void)demo_label_name(&model, DEMO_LABEL_COUNT, &size);
        return size == 13u ? 0 : 3;
      }

      """
  }

  @Test("a damaged image is refused in words, and what is outside the sampler's limits")
  func refusals() async throws {
    try await Bench.float.withLibrary { library in
      let main = "\(library.folder)/sampling.c"
      try AtomicFile.write(
        """
        #include "demo.h"
        #include <stdio.h>
        int main(void) {
          static demo_sampler sampler;
          puts(demo_sampler_open(&sampler, 5u, 256u, 1000u, 1u));
          return demo_sampler_open(&sampler, 800u, 40u, 900u, 1u) != NULL;
        }

        """, to: main)
      let sampling = try await library.run(main, by: "gcc", ["-O1"])
      #expect(sampling.status == 0, "\(sampling.messages)")
      #expect(String(decoding: sampling.output, as: UTF8.self) == "a sampling setting is outside its limits\n")
      // The image's last line, in its trailer or before it.
      let text = try library.text("src/demo.c")
      let image = try #require(text.firstMatch(of: #/library_image = \{\{\n  (\d+),/#))
      let damaged = text.replacingCharacters(in: image.1.startIndex..<image.1.endIndex, with: "66")
      try AtomicFile.write(damaged, to: library.source)
      let outcome = try await library.run(library.example, by: "gcc", ["-O1"])
      #expect(outcome.status == 1)
      #expect(
        String(decoding: outcome.output, as: UTF8.self) == "the image starts with neither ATOME01 nor ATOME02\n")
    }
  }

  @Test(
    "what C cannot call a function is not a name",
    arguments: ["Demo", "2nd", "a-b", "", "while", "string", "library", "ä", String(repeating: "a", count: 41)])
  func names(_ name: String) {
    let error = #expect(throws: HintedError.self) {
      try EngineLibrary(
        model: Bench.float.image, settings: LibraryBench.settings(name), firmwareFolder: Bench.firmwareFolder)
    }
    #expect(error?.status == .usage && error?.message == "a library cannot be called '\(name)'")
  }

  @Test("the same image and settings give the same bytes, and any prompt is C")
  func deterministic() throws {
    var settings = LibraryBench.settings()
    settings.prompt = Array("\"\\?".utf8) + [0, 7, 0xFF, UInt8(ascii: "1"), UInt8(ascii: "\n")]
    let libraries = try (0..<2).map { _ in
      try EngineLibrary(model: Bench.float.image, settings: settings, firmwareFolder: Bench.firmwareFolder)
    }
    #expect(libraries[0].files.map(\.bytes) == libraries[1].files.map(\.bytes))
    let main = try #require(libraries[0].files.first { $0.path == "examples/c/main.c" })
    #expect(String(decoding: main.bytes, as: UTF8.self).contains(#"#define PROMPT "\"\\\?\000\007\3771\n""#))
  }
}
