import Basics
import Foundation
import Subprocess

/// What Alambic needs outside itself, whether it is here, and the line that installs what is not.
public struct Doctor: Sendable {
  /// One thing that was looked for.
  public struct Finding: Codable, Sendable, Equatable {
    public enum State: String, Codable, Sendable { case found, missing, optional }
    public var name: String
    /// What it is needed for.
    public var purpose: String
    public var state: State
    /// The version that it reports, or where it was found.
    public var detail: String
    /// The Debian package that holds it.
    public var package: String?

    public init(name: String, purpose: String, state: State, detail: String, package: String?) {
      self.name = name
      self.purpose = purpose
      self.state = state
      self.detail = detail
      self.package = package
    }
  }

  /// A program that Alambic starts.
  struct Tool: Sendable {
    var name: String
    var purpose: String
    var package: String
    var isRequired: Bool
    var versionArgument = "--version"
  }

  static let tools: [Tool] = [
    Tool(name: "make", purpose: "building firmware", package: "make", isRequired: true),
    Tool(
      name: "arm-none-eabi-gcc", purpose: "building firmware for Cortex-M",
      package: "gcc-arm-none-eabi libnewlib-arm-none-eabi",
      isRequired: true),
    Tool(
      name: "qemu-system-arm", purpose: "running firmware on an emulated core", package: "qemu-system-arm",
      isRequired: true),
    Tool(name: "gcc", purpose: "verifying the engine on the host", package: "gcc", isRequired: true),
    Tool(
      name: "clang", purpose: "verifying the engine with a second host compiler (the Swift toolchain has one)",
      package: "clang", isRequired: false),
    Tool(
      name: "riscv64-unknown-elf-gcc", purpose: "building firmware for RISC-V", package: "gcc-riscv64-unknown-elf",
      isRequired: false),
    Tool(
      name: "qemu-system-riscv32", purpose: "running firmware on an emulated RISC-V core", package: "qemu-system-misc",
      isRequired: false),
    Tool(name: "zstd", purpose: "reading shards outside Alambic", package: "zstd", isRequired: false),
    Tool(name: "python3", purpose: "notebooks, and real boards emulated", package: "python3-venv", isRequired: false),
  ]

  public init() {}

  /// Looks for every tool.
  public func examine() async -> [Finding] {
    var findings: [Finding] = []
    for tool in Self.tools { findings.append(await examine(tool)) }
    return findings
  }

  /// The line that installs what is missing and required; nil when nothing is.
  public static func installLine(for findings: [Finding]) -> String? {
    let packages = findings.filter { $0.state == .missing }.compactMap(\.package)
    guard !packages.isEmpty else { return nil }
    return "sudo apt-get install --yes \(Array(Set(packages)).sorted().joined(separator: " "))"
  }

  private func examine(_ tool: Tool) async -> Finding {
    let version = await firstLine(of: tool)
    let absent: Finding.State = tool.isRequired ? .missing : .optional
    return Finding(
      name: tool.name, purpose: tool.purpose, state: version == nil ? absent : .found,
      detail: version ?? "not found", package: tool.package)
  }

  private func firstLine(of tool: Tool) async -> String? {
    let result = try? await Subprocess.run(
      .name(tool.name), arguments: [tool.versionArgument], output: .string(limit: 65_536), error: .discarded)
    guard let result, result.terminationStatus.isSuccess else { return nil }
    return result.standardOutput.split(separator: "\n").first.map(String.init) ?? "present"
  }
}
