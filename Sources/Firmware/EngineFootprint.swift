import Formats
import Networks

/// What a model takes of a board: flash for its image, RAM for the C engine's work memory. The C engines alone know
/// (`atome_engine_memory_size`, `atome_integer_memory_size`); a test holds these formulas equal to them.
public struct EngineFootprint: Hashable, Sendable {
  public var imageByteCount: Int
  /// Work memory without keys and values.
  public var fixedByteCount: Int
  /// Keys of one position, all layers together; and values.
  public var keyByteCountPerPosition: Int
  public var valueByteCountPerPosition: Int

  public func engineByteCount(contextLength: Int) -> Int {
    let keys = contextLength * keyByteCountPerPosition
    let values = contextLength * valueByteCountPerPosition
    return fixedByteCount + Self.wholeWords(keys) + Self.wholeWords(values)
  }

  /// The longest context whose work memory fits; 0 where nothing does.
  public func contextLength(inByteCount room: Int) -> Int {
    let perPosition = keyByteCountPerPosition + valueByteCountPerPosition
    guard perPosition > 0 else { return fixedByteCount <= room ? Self.longestContextLength : 0 }
    let most = max(0, (room - fixedByteCount) / perPosition)
    // The rounding to whole words may take what the last position needs.
    return most > 0 && engineByteCount(contextLength: most) > room ? most - 1 : most
  }

  /// Of an engine without a window: what all engines take for a context.
  private static let longestContextLength = 65_536

  private static func wholeWords(_ byteCount: Int) -> Int { (byteCount + 3) / 4 * 4 }

  /// - Parameter byteCount: of the whole file.
  public init(of image: ModelImage, byteCount: Int) {
    switch image {
    case .float(let contents): self.init(float: contents.model.shape, imageByteCount: byteCount)
    case .integer(let contents):
      self.init(integer: contents.model.shape, cache: contents.model.cache, imageByteCount: byteCount)
    case .compact(let contents): self.init(compact: contents.model.shape, imageByteCount: byteCount)
    }
  }

  /// Of the float engine: everything is float32.
  public init(float shape: AtomeShape, imageByteCount: Int) {
    let perLayer = 2 * shape.modelWidth + shape.kernelSize * shape.modelWidth
    let shared = 4 * shape.modelWidth + shape.headWidth + 2 * shape.topK + AtomeShape.vocabularySize
    self.imageByteCount = imageByteCount
    fixedByteCount = 4 * (shape.layerCount * perLayer + shared)
    keyByteCountPerPosition = 4 * shape.layerCount * shape.headWidth
    valueByteCountPerPosition = 4 * shape.layerCount * shape.modelWidth
  }

  /// Of the compact engine: nothing grows with the text.
  public init(compact shape: CompactShape, imageByteCount: Int) {
    let (d, m, f) = (shape.modelWidth, shape.stateWidth, shape.hiddenWidth)
    let sums = (max(shape.gateCount + 2 * m, d, f) + 7) / 8 * 8
    let inputs = Self.wholeWords(max(d, m, f))
    // Sums, stream and inputs; the logits take their room, and the final norm stands behind them.
    let working = max(4 * (sums + d) + inputs, 4 * CompactShape.vocabularySize + Self.wholeWords(d))
    self.imageByteCount = imageByteCount
    fixedByteCount = working + Self.wholeWords(2 * shape.depth * m)
    keyByteCountPerPosition = 0
    valueByteCountPerPosition = 0
  }

  /// Groups of five columns whose tables of partial sums stand in RAM at once, unless firmware is built for fewer.
  public static let tableGroupCount = 52

  /// Of the integer engine.
  public init(integer shape: AtomeShape, cache: CacheWidth, imageByteCount: Int, tableGroupCount: Int = tableGroupCount)
  {
    let d = shape.modelWidth
    let groups = (d + 4) / 5
    let sums = (2 * shape.headWidth + d + 3 + 7) / 8 * 8
    let query = Self.wholeWords(2 * shape.headWidth)
    // Sums, stream, matches and query; the logits take their room.
    let working = max(4 * (sums + d + 2 * shape.topK) + query, 4 * AtomeShape.vocabularySize)
    let tables = min(groups, tableGroupCount) * 252
    let taps = Self.wholeWords(shape.layerCount * shape.kernelSize * groups * 5)
    let state = Self.wholeWords(2 * shape.layerCount * d)
    self.imageByteCount = imageByteCount
    fixedByteCount = working + tables + taps + state
    keyByteCountPerPosition = cache.byteCount * shape.layerCount * shape.headWidth
    valueByteCountPerPosition = cache.byteCount * shape.layerCount * d
  }
}
