import Basics
import Conversation
import Engine
import Firmware
import Formats
import Foundation
import Lineage
import Networks
import Verification

/// One verification: the reference against the C engine in this process, as each host compiler builds it at each level,
/// and on emulated cores.
public struct VerificationRun: Sendable {
  public var image: LoadedImage
  public var vectors: VerificationVectors
  public var cores: [Core]
  /// Programs that run the engine as WebAssembly.
  public var hosts: [WebAssemblyHost] = []
  /// The levels at which firmware is built for each core.
  public var optimizations: [String]
  /// Where the engine's sources are; nil to ask the engines of this program alone.
  public var firmware: String?
  /// Where programs and firmware are built; safe to delete afterwards.
  public var buildFolder: String

  public init(
    image: LoadedImage, vectors: VerificationVectors, cores: [Core], optimizations: [String] = ["-O2"],
    firmware: String?, buildFolder: String
  ) {
    self.image = image
    self.vectors = vectors
    self.cores = cores
    self.optimizations = optimizations
    self.firmware = firmware
    self.buildFolder = buildFolder
  }

  /// - Throws: `HintedError` when a tool is missing or a program stops; a difference is in the report instead.
  public func run(progress: @escaping @Sendable (Verifier.Event) -> Void = { _ in }) async throws -> VerificationReport
  {
    if firmware != nil { try Toolbox().require(["make", "cc"] + cores.flatMap(\.requiredTools)) }
    if !hosts.isEmpty { try Toolbox().require(WebAssemblyModule.requiredTools) }
    return try await Verifier(image: image.bytes, name: image.path)
      .verify(
        vectors, contenders: try contenders(), parallelCount: ProcessInfo.processInfo.activeProcessorCount,
        progress: progress)
  }

  /// How many answers `run` waits for, the reference's included.
  public var answerCount: Int {
    2 + (firmware.map { hostBuilds($0).count + emulatedCores($0).count + hosts.count } ?? 0)
  }

  private func contenders() throws -> [Contender] {
    let image = image
    let inProcess = Contender(name: "C engine, in process") {
      try image.engine(.c, context: $0)
    } makeCoder: {
      try CTokenEncoder(image: image.bytes)
    }
    guard let firmware else { return [inProcess] }
    return try [inProcess] + hostBuilds(firmware).map(Contender.init) + emulatedCores(firmware).map(contender)
      + hosts.map { contender($0, firmware) }
  }

  /// Compilers that are not installed are left out; the report says which were there.
  private func hostBuilds(_ firmware: String) -> [HostBuild] {
    let toolbox = Toolbox()
    return HostBuild.compilers.filter(toolbox.contains).flatMap { compiler in
      HostBuild.optimizations.map { level in
        HostBuild(
          compiler: compiler, optimization: level, model: image.bytes, firmwareFolder: firmware,
          in: absolute("\(compiler)\(level)"))
      }
    }
  }

  private func emulatedCores(_ firmware: String) -> [EmulatedCore] {
    cores.flatMap { core in
      optimizations.map { level in
        EmulatedCore(
          core, optimization: level, model: image.bytes, firmwareFolder: firmware, in: absolute("\(core)\(level)"))
      }
    }
  }

  private func contender(_ core: EmulatedCore) throws -> Contender {
    let contextLength = try core.placement(answering: vectors).contextLength
    return Contender(name: core.name, contextLength: contextLength) { Contender.Answer(try await core.answer($0)) }
  }

  private func contender(_ host: WebAssemblyHost, _ firmware: String) -> Contender {
    Contender(name: host.name) { vectors in
      Contender.Answer(
        try await host.answer(
          vectors, model: image.bytes, firmwareFolder: firmware, in: absolute("wasm-\(host.rawValue)")))
    }
  }

  private func absolute(_ name: String) -> String {
    URL(fileURLWithPath: buildFolder).appendingPathComponent(name).path
  }
}

extension Contender {
  fileprivate init(_ build: HostBuild) {
    self.init(name: build.name) { Answer(try await build.answer($0)) }
  }
}

extension Contender.Answer {
  fileprivate init(_ answer: BuiltAnswer) {
    let firmware = answer.firmware.map {
      VerificationReport.Firmware(board: $0.board, flashByteCount: $0.flashByteCount, ramByteCount: $0.ramByteCount)
    }
    self.init(answer.transcript, tools: answer.tools, flags: answer.flags, firmware: firmware)
  }
}
