import Basics
import Firmware
import Foundation
import TestSupport
import Testing

/// Libraries on microcontrollers: compiled for cores without a C library, and run in QEMU.
@Suite("Engine libraries on cores", .needs(["make", "arm-none-eabi-gcc", "qemu-system-arm"]))
struct LibraryCoreTests {
  static let cores = ["cortex-m0", "cortex-m3", "cortex-m4", "cortex-m55"]

  @Test(
    "it compiles for every core at -Os and -O2, and wants nothing but the compiler's own functions",
    arguments: try LibraryBench.benches)
  func compiles(_ bench: Bench) async throws {
    try await bench.withLibrary { library in
      for core in Self.cores {
        for level in ["-Os", "-O2"] {
          let built = try await library.compile(
            "arm-none-eabi-gcc",
            [level, "-std=c99", "-mcpu=\(core)", "-mthumb", "-c", library.source, "-o", "m.o"] + LibraryBench.warnings)
          #expect(built.status == 0 && built.messages.isEmpty, "\(core) \(level): \(built.messages)")
          let wanted = try await library.symbols("arm-none-eabi-nm", "m.o", "--undefined-only")
          let strange = wanted.filter { !["memcpy", "memset", "memmove"].contains($0) && !$0.hasPrefix("__") }
          #expect(strange.isEmpty, "\(core) \(level): \(strange)")
        }
      }
    }
  }

  /// gcc joins products and sums unless it is told not to, and then other bits come of them.
  @Test("floats are rounded at every step, whatever dialect of C the project has")
  func contraction() async throws {
    try await Bench.float.withLibrary { library in
      let flags = ["-O2", "-std=gnu11", "-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16", "-c"]
      func joined(_ source: String) async throws -> Bool {
        let built = try await library.compile("arm-none-eabi-gcc", flags + [library.headers, source, "-o", "m.o"])
        #expect(built.status == 0, "\(built.messages)")
        let code = try await runTool("arm-none-eabi-objdump", ["-d", "m.o"], in: library.folder)
        return String(decoding: code.output, as: UTF8.self).contains("vfm")
      }
      #expect(try await !joined(library.source))
      let told = try library.text("src/demo.c").replacing("#pragma GCC optimize(\"fp-contract=off\")", with: "")
      try AtomicFile.write(told, to: "\(library.folder)/untold.c")
      #expect(try await joined("\(library.folder)/untold.c"), "the check sees nothing")
      let fast = try await library.compile("gcc", ["-ffast-math", "-c", library.source, "-o", "fast.o"])
      #expect(fast.status != 0 && fast.messages.contains("compile it without -ffast-math"), "\(fast.messages)")
    }
  }

  @Test(
    "the example says in QEMU what the Swift reference says", arguments: try LibraryBench.benches,
    ["mps2-an385", "lm3s6965evb", "mps2-an386"])
  func emulated(_ bench: Bench, board: String) async throws {
    try await bench.withLibrary { library in
      // Make takes no such path; a person who uses it has another one.
      let plain = "\(library.folder)/plain"
      try library.library.write(to: plain)
      let outcome = try await runTool(
        "make",
        [
          "--no-print-directory", "-C", Bench.firmwareFolder, "library", "BOARD=\(board)", "LIBRARY=\(plain)",
          "NAME=demo", "OUT=\(library.folder)/out",
        ], in: library.folder)
      #expect(outcome.status == 0, "\(outcome.messages)")
      let (said, expected) = (try AtomicFile.read("\(library.folder)/out/library.txt"), try library.expected())
      #expect(said == expected, "\(String(decoding: said, as: UTF8.self))")
    }
  }
}
