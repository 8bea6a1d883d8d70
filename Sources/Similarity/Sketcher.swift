import Basics

/// What a near-duplicate search remembers of a text.
public struct TextSketch: Sendable {
  let bandHashes: [UInt32]
  let bits: SketchBits

  init(bandHashes: [UInt32], bits: SketchBits) { (self.bandHashes, self.bits) = (bandHashes, bits) }

  /// As another machine left it.
  /// - Parameter bandCount: as many numbers as the settings ask for.
  public init(_ reader: inout ByteReader, bandCount: Int) throws {
    bandHashes = try reader.read(bandCount, UInt32.self, "a sketch")
    bits = SketchBits(
      low: try reader.read(UInt64.self, "a sketch"), high: try reader.read(UInt64.self, "a sketch"))
  }

  public func append(to writer: inout ByteWriter) {
    for hash in bandHashes { writer.write(hash) }
    writer.write(bits.low)
    writer.write(bits.high)
  }
}

/// Makes sketches, one text at a time; each thread has its own.
public struct Sketcher: Sendable {
  private let settings: NearDuplicateSettings
  private var shingles = Shingles()
  private var sketch: SimilaritySketch

  public init(_ settings: NearDuplicateSettings) {
    self.settings = settings
    sketch = SimilaritySketch(binCount: settings.sketchBinCount)
  }

  /// - Parameter text: valid UTF-8.
  public mutating func sketch(_ text: UnsafeBufferPointer<UInt8>) -> TextSketch {
    shingles.read(text)
    shingles.withHashes { sketch.read($0) }
    return TextSketch(bandHashes: sketch.bandHashes(rowCount: settings.rowCount), bits: sketch.bits)
  }
}
