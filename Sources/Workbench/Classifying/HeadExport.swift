import Basics
import Conversation
import Export
import Formats
import Lineage
import Model
import Networks
import Vocabularies

/// A classifier's checkpoint to its integer image, and whether the integers say the same labels.
public struct HeadExport: Sendable {
  public struct Outcome: Sendable {
    public var image: [UInt8]
    /// Texts that have the same label in floating point and in integers.
    public var same: Proportion
  }

  private let checkpoint: TrainingCheckpoint<CompactShape>
  private let id: ContentID
  private let head: LabelHead

  /// - Returns: nil where a file is not the checkpoint of a classifier.
  /// - Throws: `HintedError` for a damaged file.
  public init?(checkpoint path: String) throws {
    let bytes = try AtomicFile.read(path)
    guard bytes.starts(with: CheckpointFile.magic),
      try CheckpointFile.architecture(of: bytes, name: path) == .compact
    else { return nil }
    checkpoint = try TrainingCheckpoint<CompactShape>(decoding: bytes, name: path)
    guard let head = checkpoint.settings.head else { return nil }
    (id, self.head) = (ContentID(of: bytes), head)
  }

  /// - Parameter texts: as a board will read them; units are chosen by them.
  public func run(_ texts: [String], to output: String) throws -> Outcome {
    let encode = TokenEncoder(checkpoint.vocabulary).encode
    let read = texts.map { encode(Array($0.utf8)) + [LabelHead.end] }
    let image = try CompactPacker().pack(checkpoint, checkpointID: id, calibratedOn: read)
    var float = try CompactEngine(shape: checkpoint.shape, parameters: checkpoint.parameters, contextLength: 1)
    var integer = try ModelImage(reading: image, name: output).referenceEngine(contextLength: 1)
    let measured = read.prefix(2000)
    let same = try measured.count { try token(by: &float, behind: $0) == token(by: &integer, behind: $0) }
    try AtomicFile.write(image, to: output)
    return Outcome(image: image, same: Proportion(rightCount: same, count: measured.count))
  }

  private func token(by engine: inout some LogitSource, behind text: [UInt8]) throws -> UInt8? {
    engine.reset()
    var logits: [Float] = []
    for token in text { logits = try engine.step(token) }
    return head.tokens.max { logits[Int($0)] < logits[Int($1)] }
  }
}
