import Formats
import Networks

extension ModelImage {
  /// What its engines' logits are.
  public var logitKind: LogitKind {
    switch self {
    case .float: .float
    case .integer(let contents): .integer(scale: Double(contents.model.logitScale))
    case .compact(let contents): .integer(scale: Double(contents.model.logitScale))
    }
  }

  /// The Swift engine that reads like the specification of this image's arithmetic.
  /// - Parameter contextLength: T, positions that attention sees.
  /// - Throws: `HintedError` when T is outside 1…65536.
  public func referenceEngine(contextLength: Int) throws -> any LogitSource {
    switch self {
    case .float(let contents): try ReferenceEngine(model: contents.model, contextLength: contextLength)
    case .integer(let contents): try IntegerEngine(model: contents.model, contextLength: contextLength)
    case .compact(let contents): try CompactIntegerEngine(model: contents.model, contextLength: contextLength)
    }
  }
}
