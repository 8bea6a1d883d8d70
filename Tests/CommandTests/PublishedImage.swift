import Foundation
import Networks
import TestSupport
import Testing

/// A published blob: it has no trailer, so a preset names its shape.
struct PublishedImage: Sendable, CustomTestStringConvertible {
  var name: String
  var preset: String
  var shape: AtomeShape

  /// Those that are there: the small one is in the repository.
  static let all = [small, large].filter { SharedData.path("atome/\($0.name).atome") != nil }
  static let small = PublishedImage(name: "atome60k_random", preset: "atome-60k", shape: .atome60K)
  static let large = PublishedImage(name: "atome_944k", preset: "atome-944k", shape: .atome944K)

  var testDescription: String { name }

  var path: String { get throws { try #require(SharedData.path("atome/\(name).atome")) } }
  var golden: GoldenFile { get throws { try GoldenFile(shared: "atome/\(name).golden.json") } }

  /// The words that name the file and its shape.
  var arguments: [String] { get throws { [try path, "--preset", preset] } }
}

extension Trait where Self == ConditionTrait {
  /// Skips what reads ../shared/data where that is absent, and says so.
  static var needsSharedData: ConditionTrait {
    .enabled(if: SharedData.isPresent, Comment(rawValue: SharedData.skipReason))
  }

  /// Skips what builds and runs firmware where the tools for that are missing.
  static var needsEmulator: ConditionTrait {
    .enabled(if: Emulation.isPresent, "needs make, arm-none-eabi-gcc and qemu-system-arm")
  }

  /// The same of RISC-V's cores.
  static var needsRISCV: ConditionTrait {
    .enabled(if: Emulation.isRISCVPresent, "needs make, riscv64-unknown-elf-gcc and QEMU's RISC-V machines")
  }
}

/// Whether this machine can build and run firmware.
enum Emulation {
  static let isPresent = has(["make", "arm-none-eabi-gcc", "qemu-system-arm"])
  static let isRISCVPresent = has(["make", "riscv64-unknown-elf-gcc", "qemu-system-riscv32", "qemu-system-riscv64"])

  private static func has(_ tools: [String]) -> Bool {
    let folders = ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":")
    return tools.allSatisfy { tool in
      folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)") }
    }
  }
}
