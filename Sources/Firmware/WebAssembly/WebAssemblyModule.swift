import Basics
import Foundation

/// The C engine as a WebAssembly module without imports: what a page talks through, and a core of its own in proofs.
public struct WebAssemblyModule: Sendable {
  public var bytes: [UInt8]
  /// What the compiler was given that decides arithmetic or code.
  public var flags: String
  public var path: String

  /// Every program that is needed: clang with its WebAssembly target and its linker, as a Swift toolchain has them.
  public static let requiredTools = ["make", "clang", "wasm-ld"]

  /// Compiles it.
  /// - Parameter folder: for the module; made if missing.
  /// - Throws: `HintedError` when a tool is missing, or the compiler knows no WebAssembly.
  public static func build(
    firmwareFolder: String, in folder: String, toolbox: Toolbox = Toolbox()
  ) async throws -> WebAssemblyModule {
    try toolbox.require(requiredTools)
    try AtomicFile.makeFolder(folder)
    let flags = try await FirmwareMake(folder: firmwareFolder, toolbox: toolbox)
      .build("wasm", [("OUT", folder)], compiler: "clang")
    let path = "\(folder)/engine.wasm"
    return WebAssemblyModule(bytes: try AtomicFile.read(path), flags: flags, path: path)
  }
}
