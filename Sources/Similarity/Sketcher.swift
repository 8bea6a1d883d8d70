/// What a near-duplicate search remembers of a text.
public struct TextSketch: Sendable {
  let bandHashes: [UInt32]
  let bits: SketchBits
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
