/// A family of networks that the trainer can train.
public enum Architecture: String, Hashable, Codable, Sendable {
  /// The ternary model that images hold.
  case atome
  /// A plain transformer in float: the baseline.
  case gpt

  /// In messages.
  public var name: String {
    switch self {
    case .atome: "an atome model"
    case .gpt: "a plain GPT"
    }
  }
}

/// The dimensions of a network of some architecture.
public protocol NetworkShape: Hashable, Codable, Sendable, CustomStringConvertible {
  static var architecture: Architecture { get }
  /// How many parameters a network of this shape has.
  var parameterCount: Int { get }
  /// - Throws: `HintedError` that names the first dimension outside its limits.
  func validate() throws
}

extension AtomeShape: NetworkShape {
  public static var architecture: Architecture { .atome }
}
