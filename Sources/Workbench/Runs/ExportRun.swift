import Basics
import Export
import Formats
import Networks

/// One export: a checkpoint, or an image of another packing, to an image's file.
public struct ExportRun: Sendable {
  /// A checkpoint or an image.
  public var source: String
  public var output: String
  public var packing: AtomePacking
  /// The shape of a source that is a foreign image.
  public var shape: AtomeShape?

  public init(source: String, output: String, packing: AtomePacking = .atome01, shape: AtomeShape? = nil) {
    self.source = source
    self.output = output
    self.packing = packing
    self.shape = shape
  }

  /// - Returns: the image's bytes, as they lie in `output`.
  /// - Throws: `HintedError` for a damaged source, or a checkpoint whose training diverged.
  @discardableResult
  public func run() throws -> [UInt8] {
    let bytes = try AtomicFile.read(source)
    let image = try bytes.starts(with: Array("ATOME".utf8)) ? repack(bytes) : pack(bytes)
    try AtomicFile.write(image, to: output)
    return image
  }

  private func pack(_ bytes: [UInt8]) throws -> [UInt8] {
    if shape != nil {
      throw HintedError(
        "\(source) is a checkpoint, which says its own shape", hint: "leave --shape and --preset out", status: .usage)
    }
    return try AtomePacker().pack(
      try Checkpoint(decoding: bytes, name: source), checkpointID: ContentID(of: bytes), packing: packing)
  }

  /// The same trits, scales, parameters and provenance.
  private func repack(_ bytes: [UInt8]) throws -> [UInt8] {
    let contents = try AtomeImageFile.read(bytes, name: source, shape: shape)
    return AtomeImageFile.write(contents.model, packing: packing, provenance: contents.trailer?.provenance)
  }
}
