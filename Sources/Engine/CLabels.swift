import Basics
import CAtomeEngine
import Networks

/// The C code that turns logits into a classifier's label, compiled for this machine.
public final class CLabels {
  public struct Choice: Hashable, Sendable {
    /// From 0 on; nil where no label is sure enough.
    public var label: Int?
    /// How far the best label is above the others, in logits.
    public var margin: Int32

    public init(label: Int?, margin: Int32) { (self.label, self.margin) = (label, margin) }
  }

  /// In the order of the image.
  public let names: [String]
  private let labels: CStructure<atome_labels>
  /// What `labels` points into.
  private let image: CMemory

  /// - Parameter bytes: an ATOMEQ02 file of a classifier, copied.
  /// - Throws: `HintedError` for an image that is damaged, or of no classifier.
  public init(image bytes: [UInt8]) throws {
    let image = try CMemory(copying: bytes)
    var opened = atome_compact_image()
    try CEngine.check(
      atome_compact_open(&opened, image.start.assumingMemoryBound(to: UInt8.self), image.byteCount))
    var labels = atome_labels()
    try CEngine.check(atome_labels_open(&labels, &opened))
    names = (0..<labels.count).map { label in
      var size: UInt32 = 0
      guard let name = atome_label_name(&labels, label, &size) else { return "" }
      return String(decoding: UnsafeRawBufferPointer(start: name, count: Int(size)), as: UTF8.self)
    }
    self.labels = CStructure(labels)
    self.image = image
  }

  /// - Parameter logits: 256 integers.
  public func choice(from logits: [Float]) -> Choice {
    var margin: Int32 = 0
    let label = atome_labels_choose(labels.pointer, logits.map { Int32($0) }, &margin)
    return Choice(label: label < 0 ? nil : Int(label), margin: margin)
  }
}
