import Basics
import Formats
import Foundation
import Lineage
import Networks

/// Builds the program that is flashed: the C engine, the application, a model and the questions it is to answer.
public struct FirmwareBuilder: Sendable {
  private let make: FirmwareMake

  /// - Parameter firmwareFolder: the project's `firmware`.
  public init(firmwareFolder: String, toolbox: Toolbox = Toolbox()) {
    make = FirmwareMake(folder: firmwareFolder, toolbox: toolbox)
  }

  /// A firmware, and the flags that it was compiled with.
  public struct Product: Sendable {
    public var image: FirmwareImage
    public var flags: String
  }

  /// - Parameters:
  ///   - model: an `.atome` file with a trailer.
  ///   - isSoftFloat: whether to leave the board's floating-point unit alone.
  ///   - optimization: `-O2`, `-Os`.
  ///   - folder: where the program and all in between go; made if missing.
  /// - Throws: `HintedError` when a tool is missing, or the program does not fit the board's budget.
  public func build(
    model: [UInt8], vectors: VerificationVectors, for board: Board, isSoftFloat: Bool = false,
    optimization: String = "-O2", in folder: String
  ) async throws -> Product {
    try make.toolbox.require(["make", "cc", board.toolchain.compiler])
    let modelPath = "\(folder)/model.atome"
    let vectorsPath = "\(folder)/vectors.bin"
    try AtomicFile.write(model, to: modelPath)
    try AtomicFile.write(vectors.bytes, to: vectorsPath)
    let flags = try await make.build(
      "firmware",
      [
        ("BOARD", board.name), ("SOFT_FLOAT", isSoftFloat ? "1" : ""), ("OPT", optimization), ("IMAGE", modelPath),
        ("VECTORS", vectorsPath), ("OUT", folder), ("CONTEXT", "\(vectors.contextLength)"),
      ], compiler: board.toolchain.compiler)
    return Product(image: try Self.describe(folder: folder, board: board.name), flags: flags)
  }

  private static func describe(folder: String, board: String) throws -> FirmwareImage {
    let path = "\(folder)/firmware.elf"
    let sizesPath = "\(folder)/size.json"
    let sizes = try CanonicalJSON.decode(FirmwareSizes.self, from: try AtomicFile.read(sizesPath), named: sizesPath)
    return FirmwareImage(
      id: try ContentID(ofFile: path), board: board, path: path, flashByteCount: sizes.flashByteCount,
      ramByteCount: sizes.ramByteCount)
  }
}
