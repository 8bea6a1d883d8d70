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
    let file = try ModelFile(reading: source, shape: shape)
    let image = try image(of: file)
    try AtomicFile.write(image, to: output)
    return image
  }

  private func image(of file: ModelFile) throws -> [UInt8] {
    switch file.content {
    case .checkpoint(let checkpoint):
      return try AtomePacker().pack(
        try checkpoint.exportable(name: source), checkpointID: file.id, packing: packing)
    case .image(.float(let contents)):
      // The same trits, scales, parameters and provenance.
      return AtomeImageFile.write(
        contents.model, packing: packing, vocabulary: contents.vocabulary, trainedContext: contents.trainedContext,
        provenance: contents.trailer?.provenance)
    case .image(.integer), .image(.compact), .llama:
      throw HintedError(
        "\(source) cannot become an \(packing.name) image", hint: "give the checkpoint or the float image",
        status: .usage)
    }
  }
}

extension StoredCheckpoint {
  /// This checkpoint, where images can hold its architecture.
  /// - Throws: `HintedError` for a baseline.
  func exportable(name: String) throws -> Checkpoint {
    if let checkpoint = self as? Checkpoint { return checkpoint }
    if self is TrainingCheckpoint<CompactShape> {
      throw HintedError(
        "\(name): a compact student, which has an integer image and no other",
        hint: "alambic export \(name) --format integer --calibrate HELD-OUT.txt --out student.atome", status: .usage)
    }
    throw HintedError(
      "\(name): a checkpoint of \(Shape.architecture.name), where one of \(AtomeShape.architecture.name) is needed",
      hint: "a GPT is a baseline: `alambic evaluate`, `talk` and `inspect` read it, and no image can hold it")
  }
}
