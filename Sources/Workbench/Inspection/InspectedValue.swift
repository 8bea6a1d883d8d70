import Basics

/// One value that a file says: a program gets it as what it is, and a person as `alambic` writes it.
public enum InspectedValue: Hashable, Sendable, Encodable {
  case text(String)
  case count(Int)
  /// Bytes: for a person rounded, for a program exact.
  case bytes(Int)
  case number(Double)
  /// 0…1.
  case share(Double)
  case flag(Bool)
  case id(ContentID)
  case list([String])
  /// An integer image's factor, multiplier / 2^shift.
  case scale(multiplier: Int, shift: Int)
  /// For a program null; for a person what that means.
  case nothing(String)

  private struct Scale: Encodable {
    var multiplier: Int
    var shift: Int
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .count(let count), .bytes(let count): try container.encode(count)
    case .number(let number), .share(let number): try container.encode(number)
    case .flag(let flag): try container.encode(flag)
    case .id(let id): try container.encode(id)
    case .list(let texts): try container.encode(texts)
    case .scale(let multiplier, let shift): try container.encode(Scale(multiplier: multiplier, shift: shift))
    case .nothing: try container.encodeNil()
    }
  }

  /// A value that need not be there.
  static func optional<Value>(_ value: Value?, _ make: (Value) -> InspectedValue, else nothing: String)
    -> InspectedValue
  { value.map(make) ?? .nothing(nothing) }
}

/// A key of JSON that is not known when the program is written.
struct InspectedKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }
  init(_ key: String) { stringValue = key }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}
