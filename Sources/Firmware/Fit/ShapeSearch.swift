import Networks

/// The largest models that a board holds: every shape of a grid, by its parameters.
public struct ShapeSearch: Sendable {
  public var board: TargetBoard
  /// Engines of atome models that are looked at.
  public var variants: [EngineVariant]
  /// Whether compact students are looked at.
  public var looksAtCompact: Bool
  public var contextLength: Int
  public var leastBytesPerSecond: Double
  public var costs: EngineCosts

  public init(
    board: TargetBoard, variants: [EngineVariant], looksAtCompact: Bool, contextLength: Int,
    leastBytesPerSecond: Double = 0,
    costs: EngineCosts
  ) {
    self.board = board
    self.variants = variants
    self.looksAtCompact = looksAtCompact
    self.contextLength = contextLength
    self.leastBytesPerSecond = leastBytesPerSecond
    self.costs = costs
  }

  /// Widths in steps of 8 and from 64 on of 16; heads from an eighth to a half of the width; 2 to 16 layers.
  public static let shapes: [AtomeShape] = {
    let widths = Array(stride(from: 16, to: 64, by: 8)) + Array(stride(from: 64, through: 512, by: 16))
    return widths.flatMap { width in
      [8, 16, 32, 64].filter { 2 * $0 <= width && 8 * $0 >= width }.flatMap { head in
        (2...16).map { layers in
          AtomeShape(modelWidth: width, layerCount: layers, headWidth: head, topK: 4, kernelSize: 5)
        }
      }
    }
  }()

  /// Compact students: widths in steps of 8 and from 64 on of 16; 1 to 6 blocks; a state of two thirds of the width, a
  /// write gate for four of its numbers, and a feed-forward part of one and a half or two widths.
  public static let compactShapes: [CompactShape] = {
    let widths = Array(stride(from: 16, to: 64, by: 8)) + Array(stride(from: 64, through: 512, by: 16))
    return widths.flatMap { width in
      (1...6).flatMap { layers in
        [width * 3 / 2, width * 2].map { hidden in
          let state = max(8, width * 2 / 3 / 8 * 8)
          return CompactShape(
            modelWidth: width, layerCount: layers, stateWidth: state, gateCount: state / 4, hiddenWidth: hidden)
        }
      }
    }
  }()

  /// Those that fit, the most parameters first, each with the engine that runs it fastest.
  /// - Throws: `HintedError` where the costs of the board's core were not measured.
  public func best(_ count: Int) throws -> [BoardFit] {
    let found = try Self.shapes.compactMap { shape in
      try variants.map { try BoardFit(shape, on: board, variant: $0, contextLength: contextLength, costs: costs) }
        .filter(isWanted)
        .min { $0.instructionCount < $1.instructionCount }
    }
    let compact = try (looksAtCompact ? Self.compactShapes : []).map {
      try BoardFit($0, on: board, contextLength: contextLength, costs: costs)
    }
    return Array((found + compact.filter(isWanted)).sorted(by: Self.precedes).prefix(count))
  }

  private func isWanted(_ fit: BoardFit) -> Bool { fit.fits && fit.bytesPerSecond >= leastBytesPerSecond }

  private static func precedes(_ left: BoardFit, _ right: BoardFit) -> Bool {
    let (leftCount, rightCount) = (left.shape.parameterCount, right.shape.parameterCount)
    return leftCount == rightCount ? left.instructionCount < right.instructionCount : leftCount > rightCount
  }
}
