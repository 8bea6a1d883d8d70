import Basics

/// The members of a request's body: each is read once, and what nobody has read is refused.
struct FieldReader {
  private var fields: [String: JSONValue]

  /// - Throws: `APIError` for what is no JSON object.
  init(_ body: [UInt8]) throws {
    let value: JSONValue
    do { value = try LenientJSON(body).value } catch let failure as LenientJSON.Failure {
      throw APIError.malformed("the body is not valid JSON: byte \(failure.byteOffset): \(failure.detail)")
    }
    guard case .object(let members) = value else {
      throw APIError.malformed("'the body' has a value of the wrong type")
    }
    fields = members
  }

  /// Null is as good as nothing.
  mutating func take(_ name: String) -> JSONValue? {
    let value = fields.removeValue(forKey: name)
    return value == .null ? nil : value
  }

  mutating func text(_ name: String) throws -> String? {
    guard let value = take(name) else { return nil }
    guard let text = value.text else { throw Self.wrongType(name) }
    return text
  }

  mutating func flag(_ name: String) throws -> Bool? {
    guard let value = take(name) else { return nil }
    guard case .bool(let flag) = value else { throw Self.wrongType(name) }
    return flag
  }

  mutating func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let value = take(name) else { return nil }
    guard case .number(let digits) = value, let number = Double(digits) else { throw Self.wrongType(name) }
    guard range.contains(number) else { throw Self.outside(name, digits, "\(range.lowerBound)…\(range.upperBound)") }
    return number
  }

  mutating func whole<Value: FixedWidthInteger>(_ name: String, in range: ClosedRange<Value>) throws -> Value? {
    guard let value = take(name) else { return nil }
    guard case .number(let digits) = value else { throw Self.wrongType(name) }
    // 3.0 is 3, as in JavaScript.
    guard let number = Value(digits) ?? Double(digits).flatMap(Value.init(exactly:)), range.contains(number) else {
      throw Self.outside(name, digits, "the whole numbers \(range.lowerBound)…\(range.upperBound)")
    }
    return number
  }

  /// Fields that this server takes only where they change nothing.
  /// - Parameter isHarmless: whether a value is the same as none.
  mutating func refuse(_ name: String, _ why: String, unless isHarmless: (JSONValue) -> Bool) throws {
    guard let value = take(name), !isHarmless(value) else { return }
    throw APIError.unsupported("'\(name)': \(why)", parameter: name)
  }

  /// - Throws: `APIError` that names a field which nobody has asked for.
  func checkEmpty() throws {
    if let name = fields.keys.min() { throw APIError.unknownField(name) }
  }

  static func wrongType(_ name: String) -> APIError {
    .malformed("'\(name)' has a value of the wrong type", parameter: name)
  }

  private static func outside(_ name: String, _ digits: String, _ range: String) -> APIError {
    .malformed("'\(name)' is \(digits), outside \(range)", parameter: name)
  }
}
