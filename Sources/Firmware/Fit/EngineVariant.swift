import Formats
import Networks

/// An engine, and how wide the integer engine's memory of keys and values is.
public enum EngineVariant: Hashable, Sendable, CustomStringConvertible {
  case float
  case integer(CacheWidth)

  public static let all: [EngineVariant] = [.float, .integer(.int16), .integer(.int8)]

  public var description: String {
    switch self {
    case .float: "float"
    case .integer(let cache): "integer, int\(cache.rawValue)"
    }
  }

  /// Bytes of flash that a model of this shape takes.
  public func imageByteCount(_ shape: AtomeShape) -> Int {
    switch self {
    case .float: shape.atome01ByteCount + AtomeTrailer.byteCount
    case .integer: shape.integerImageByteCount
    }
  }

  /// What such a model takes; fewer tables save the integer engine RAM and cost it time.
  func footprint(_ shape: AtomeShape, tableGroupCount: Int) -> EngineFootprint {
    let byteCount = imageByteCount(shape)
    switch self {
    case .float: return EngineFootprint(float: shape, imageByteCount: byteCount)
    case .integer(let cache):
      return EngineFootprint(
        integer: shape, cache: cache, imageByteCount: byteCount, tableGroupCount: tableGroupCount)
    }
  }

  /// Table counts that differ for this shape, the largest first.
  func tableGroupCounts(_ shape: AtomeShape) -> [Int] {
    guard case .integer = self else { return [EngineFootprint.tableGroupCount] }
    let most = min(EngineFootprint.tableGroupCount, (shape.modelWidth + 4) / 5)
    return [EngineFootprint.tableGroupCount] + (1..<most).reversed()
  }
}

extension EngineVariant {
  /// The engine that an image is for.
  public init?(of image: ModelImage) {
    switch image {
    case .float: self = .float
    case .integer(let contents): self = .integer(contents.model.cache)
    case .compact: return nil
    }
  }
}
