import Basics

/// The shape of whichever student an image holds. In JSON it is that shape itself.
public enum ImageShape: Hashable, Sendable, CustomStringConvertible {
  case atome(AtomeShape)
  case compact(CompactShape)

  /// - Throws: `HintedError` for a network that no image holds.
  public init(_ shape: any NetworkShape) throws {
    switch shape {
    case let shape as AtomeShape: self = .atome(shape)
    case let shape as CompactShape: self = .compact(shape)
    default:
      throw HintedError("no image holds \(type(of: shape).architecture.name)", hint: "a GPT is a baseline")
    }
  }

  private var shape: any NetworkShape {
    switch self {
    case .atome(let shape): shape
    case .compact(let shape): shape
    }
  }

  /// In the order of its description.
  public var dimensions: [Int] {
    switch self {
    case .atome(let shape): shape.dimensions
    case .compact(let shape): shape.dimensions
    }
  }

  public var description: String { shape.description }
  /// The preset's name, else the dimensions.
  public var presetName: String { shape.presetName }
  public var parameterCount: Int { shape.parameterCount }
}

extension ImageShape: Codable {
  public init(from decoder: any Decoder) throws {
    do {
      self = .atome(try AtomeShape(from: decoder))
    } catch {
      self = .compact(try CompactShape(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws { try shape.encode(to: encoder) }
}
