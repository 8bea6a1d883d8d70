import Basics
import Engine
import Firmware
import Formats
import Foundation
import Lineage
import Verification

/// One verification: the reference against the C engine in this process, as each host compiler builds it at each level,
/// and on emulated cores.
public struct VerificationRun: Sendable {
  public var image: LoadedImage
  public var vectors: VerificationVectors
  public var cores: [Core]
  /// Where the engine's sources are.
  public var firmware: String
  /// Where programs and firmware are built; safe to delete afterwards.
  public var buildFolder: String

  public init(
    image: LoadedImage, vectors: VerificationVectors, cores: [Core], firmware: String, buildFolder: String
  ) {
    self.image = image
    self.vectors = vectors
    self.cores = cores
    self.firmware = firmware
    self.buildFolder = buildFolder
  }

  /// - Throws: `HintedError` when a tool is missing or a program stops; a difference is in the report instead.
  public func run(progress: @escaping @Sendable (Verifier.Event) -> Void = { _ in }) async throws -> VerificationReport
  {
    try Toolbox().require(EmulatedCore.requiredTools)
    return try await Verifier(image: image.bytes, name: image.path)
      .verify(vectors, contenders: contenders(), progress: progress)
  }

  /// How many answers `run` waits for, the reference's included.
  public var answerCount: Int { contenders().count + 1 }

  private func contenders() -> [Contender] {
    let image = image
    let inProcess = Contender(name: "C engine, in process") { try image.engine(.c, context: $0) }
    return [inProcess] + hostBuilds().map(Contender.init) + emulatedCores().map(Contender.init)
  }

  /// Compilers that are not installed are left out; the report says which were there.
  private func hostBuilds() -> [HostBuild] {
    let toolbox = Toolbox()
    return HostBuild.compilers.filter(toolbox.contains).flatMap { compiler in
      HostBuild.optimizations.map { level in
        HostBuild(
          compiler: compiler, optimization: level, model: image.bytes, firmwareFolder: firmware,
          in: absolute("\(compiler)\(level)"))
      }
    }
  }

  private func emulatedCores() -> [EmulatedCore] {
    cores.map { EmulatedCore($0, model: image.bytes, firmwareFolder: firmware, in: absolute($0.name)) }
  }

  private func absolute(_ name: String) -> String {
    URL(fileURLWithPath: buildFolder).appendingPathComponent(name).path
  }
}

extension Contender {
  fileprivate init(_ build: HostBuild) {
    self.init(name: build.name) { Answer(try await build.answer($0)) }
  }

  fileprivate init(_ core: EmulatedCore) {
    self.init(name: core.name) { Answer(try await core.answer($0)) }
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
