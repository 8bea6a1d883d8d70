/// A family of networks that the trainer can train.
public enum Architecture: String, Hashable, Codable, Sendable {
  /// The ternary model that images hold.
  case atome
  /// The student of gated states and 4-bit matrices that compact images hold.
  case compact
  /// A plain transformer in float: the baseline.
  case gpt

  /// In messages.
  public var name: String {
    switch self {
    case .atome: "an atome model"
    case .compact: "a compact student"
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
  /// The names of its named shapes, in order of size.
  static var presetNames: [String] { get }
  /// The named shape, for windows of `window` tokens where a shape depends on them; nil when no preset has the name.
  static func preset(_ name: String, window: Int) -> Self?
  /// The preset's name, else the dimensions.
  var presetName: String { get }
}

extension AtomeShape: NetworkShape {
  public static var architecture: Architecture { .atome }

  public static var presetNames: [String] { presets.map(\.name) }

  public static func preset(_ name: String, window _: Int) -> AtomeShape? {
    presets.first { $0.name == name }?.shape
  }

  public var presetName: String { Self.presets.first { $0.shape == self }?.name ?? description }
}
