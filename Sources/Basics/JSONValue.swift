/// Any JSON value, for bodies whose keys are not ours. A number keeps its text, so that none is too large to be read.
public enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The member of an object; nil where there is none, or where it is null.
  public subscript(_ key: String) -> JSONValue? {
    guard case .object(let members) = self, let member = members[key], member != .null else { return nil }
    return member
  }

  public var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  public var items: [JSONValue]? {
    if case .array(let items) = self { items } else { nil }
  }

  public var members: [String: JSONValue]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// A count of something: a number that is finite and not negative, rounded, and at most `limit`; servers send such as
  /// text, too. Nil for anything else.
  public func count(limit: Int = 1_000_000_000) -> Int? {
    let digits: String
    switch self {
    case .number(let text), .string(let text): digits = text
    default: return nil
    }
    guard let value = Double(digits), value.isFinite, value >= 0 else { return nil }
    return value >= Double(limit) ? limit : Int(value.rounded())
  }

  /// This object with another's members: objects are merged member by member, everything else is replaced.
  public func merged(with other: JSONValue) -> JSONValue {
    guard case .object(var members) = self, case .object(let others) = other else { return other }
    for (key, value) in others { members[key] = members[key]?.merged(with: value) ?? value }
    return .object(members)
  }
}

extension JSONValue: Codable {
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let number = try? value.decode(Int64.self) {
      self = .number(String(number))
    } else if let number = try? value.decode(Double.self) {
      self = .number("\(number)")
    } else if let text = try? value.decode(String.self) {
      self = .string(text)
    } else if let items = try? value.decode([JSONValue].self) {
      self = .array(items)
    } else {
      self = .object(try value.decode([String: JSONValue].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .null: try value.encodeNil()
    case .bool(let bool): try value.encode(bool)
    case .number(let text): try Self.encode(number: text, into: &value)
    case .string(let text): try value.encode(text)
    case .array(let items): try value.encode(items)
    case .object(let members): try value.encode(members)
    }
  }

  private static func encode(number text: String, into value: inout any SingleValueEncodingContainer) throws {
    if let number = Int64(text) {
      try value.encode(number)
    } else if let number = UInt64(text) {
      try value.encode(number)
    } else {
      // What is no finite number has no place in JSON that we send.
      guard let number = Double(text), number.isFinite else { return try value.encodeNil() }
      try value.encode(number)
    }
  }
}
