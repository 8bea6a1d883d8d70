import Basics
import Firmware
import Foundation
import Model
import Networks
import TestSupport
import Testing

/// A library of a bench's student in a folder, and the compilers that a person has.
struct LibraryBench {
  var bench: Bench
  var library: EngineLibrary
  /// Where everything lies; the library is in `demo` under a name that shells and make cut.
  var folder: String

  static var benches: [Bench] { get throws { try Bench.all + [Bench.packed, Bench.compact, try Bench.classifier] } }
  static let warnings = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wpedantic", "-Werror"]

  static func settings(_ name: String = "demo") -> EngineLibrary.Settings {
    .init(
      name: name, prompt: Bench.prompt, contextLength: Bench.contextLength, textByteLimit: Bench.textByteLimit)
  }

  var path: String { "\(folder)/a $b 'c/\(library.name)" }
  var source: String { "\(path)/src/\(library.name).c" }
  var headers: String { "-I\(path)/src" }
  var example: String { "\(path)/examples/c/main.c" }
  /// The Arduino sketch.
  var sketch: String { bench.head == nil ? "examples/continue/continue.ino" : "examples/label/label.ino" }

  /// What the example says.
  func expected(_ prompt: [UInt8] = Bench.prompt) throws -> [UInt8] {
    guard bench.head == nil else { return Array(try bench.label(of: prompt).utf8) + [UInt8(ascii: "\n")] }
    return try bench.continuation(of: prompt).text + [UInt8(ascii: "\n")]
  }

  func text(_ file: String) throws -> String {
    String(decoding: try AtomicFile.read("\(path)/\(file)"), as: UTF8.self)
  }

  /// Compiles, and returns what the compiler complains of.
  func compile(_ compiler: String, _ arguments: [String]) async throws -> ToolResult {
    try await runTool(compiler, arguments, in: folder)
  }

  /// Compiles a program with the library and runs it.
  func run(_ main: String, by compiler: String, _ flags: [String]) async throws -> ToolResult {
    let program = "\(folder)/program"
    let built = try await compile(
      compiler, flags + ["-std=c99"] + Self.warnings + [headers, source, main, "-o", program])
    guard built.status == 0 else { return built }
    return try await runTool("env", [program], in: folder)
  }

  /// The functions of the library, and what it wants of others, by nm.
  func symbols(_ nm: String, _ object: String, _ kind: String) async throws -> [String] {
    let listed = try await runTool(nm, ["--extern-only", kind, "--format=just-symbols", object], in: folder)
    return String(decoding: listed.output, as: UTF8.self).split(separator: "\n").map(String.init).sorted()
  }
}

extension Bench {
  func withLibrary(
    named name: String = "demo", _ body: (LibraryBench) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let library = try EngineLibrary(
        model: image, settings: LibraryBench.settings(name), firmwareFolder: Self.firmwareFolder)
      let bench = LibraryBench(bench: self, library: library, folder: folder)
      try library.write(to: bench.path)
      try await body(bench)
    }
  }

  /// FNV-1a over the bits of every logit of some tokens, as the Swift reference computes them.
  func logitChecksum(of tokens: [UInt8]) throws -> UInt64 {
    var engine = try reference()
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    for token in tokens {
      for logit in try engine.step(token) {
        let bits = arithmetic == "float32" ? logit.bitPattern : UInt32(bitPattern: Int32(logit))
        for byte in 0..<4 { sum = (sum ^ UInt64(bits >> (8 * byte) & 0xFF)) &* 0x100_0000_01B3 }
      }
    }
    return sum
  }
}
