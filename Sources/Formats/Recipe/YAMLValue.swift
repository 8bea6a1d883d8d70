import Basics
import Yams

/// One value and its place; every reading checks type and limits.
struct YAMLValue {
  let node: Node
  let place: YAMLPlace

  var isNull: Bool {
    guard let scalar = node.scalar else { return false }
    return scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
  }

  /// Whether this is a single text or number.
  var isScalar: Bool { node.scalar != nil }

  var isMapping: Bool { node.mapping != nil }

  func mapping() throws -> YAMLMapping { try YAMLMapping(node, at: place) }

  /// A text that holds something; numbers and words read alike, as YAML writers expect.
  func text() throws -> String {
    guard let text = node.scalar?.string else { throw place.error("should be a text") }
    guard !text.isEmpty else { throw place.error("is empty") }
    guard !text.unicodeScalars.contains("\0") else { throw place.error("holds a NUL character") }
    return text
  }

  func texts() throws -> [String] { try items().map { try $0.text() } }

  /// The members of a sequence.
  /// - Parameter mayBeEmpty: whether it may hold none, to say so in the place of a default.
  func items(mayBeEmpty: Bool = false) throws -> [YAMLValue] {
    guard case .sequence(let sequence) = node else {
      throw place.error("should be a list", hint: "write a line `- value` for each member")
    }
    guard mayBeEmpty || !sequence.isEmpty else { throw place.error("is an empty list") }
    return sequence.enumerated().map { index, member in
      YAMLValue(node: member, place: place.appending(String(index), line: member.mark?.line))
    }
  }

  func integer(in range: ClosedRange<Int>) throws -> Int {
    guard let text = plainText, let value = Int(text.filter { $0 != "_" }) else {
      throw place.error("should be a whole number")
    }
    guard range.contains(value) else {
      throw place.error("is \(value), outside \(range.lowerBound)…\(range.upperBound)")
    }
    return value
  }

  func seed() throws -> UInt64 {
    guard let text = plainText, let value = UInt64(text) else {
      throw place.error("should be a whole number from 0 to 18446744073709551615")
    }
    return value
  }

  /// - Parameter isHalfOpen: leaves out the upper bound.
  func number(in range: ClosedRange<Double>, isHalfOpen: Bool = false) throws -> Double {
    guard let text = plainText, let value = Double(text), value.isFinite else {
      throw place.error("should be a number")
    }
    guard range.contains(value), !isHalfOpen || value < range.upperBound else {
      let upper = isHalfOpen ? "below \(range.upperBound)" : "at most \(range.upperBound)"
      throw place.error("is \(text), but should be at least \(range.lowerBound) and \(upper)")
    }
    return value
  }

  func boolean() throws -> Bool {
    switch plainText {
    case "true": return true
    case "false": return false
    default: throw place.error("should be true or false")
    }
  }

  /// How alike texts are, or `off` for nil. YAML reads a bare `off` as a word of its own.
  func similarity() throws -> Double? {
    if node.scalar?.string == "off" { return nil }
    return try number(in: 0.3...1)
  }

  /// One of an enumeration's words.
  func choice<Choice: CaseIterable & RawRepresentable<String>>(_ type: Choice.Type) throws -> Choice {
    let name = try choice(of: Choice.allCases.map(\.rawValue))
    guard let found = Choice(rawValue: name) else { throw place.error("cannot be '\(name)'") }
    return found
  }

  func choice(of names: [String]) throws -> String {
    let name = try text()
    guard !names.contains(name) else { return name }
    let meant = EditDistance.nearest(to: name, in: names)
    throw place.error(
      "cannot be '\(name)'",
      hint: meant.map { "did you mean '\($0)'?" } ?? "one of: \(names.joined(separator: ", "))")
  }

  /// Quotes make a number a text.
  private var plainText: String? {
    guard let scalar = node.scalar, scalar.style == .plain else { return nil }
    return scalar.string
  }
}
