/// A subset of JSON Schema (draft 2020-12) that is checked as it is read: a keyword that this reader does not know is
/// refused, since a schema that is only half checked promises what it does not hold.
///
/// Known: `type`, `properties`, `required`, `additionalProperties`, `enum`, `items`, `minItems`, `maxItems`,
/// `minLength`, `maxLength`, `minimum`, `maximum`, `pattern`; and `title`, `description`, `$schema`, `default`,
/// `examples`, which check nothing.
public struct JSONSchema: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case object, array, string, number, integer, boolean, null
  }

  /// As it was written: what a teacher is sent.
  public let json: JSONValue
  private let node: Node

  /// - Throws: `HintedError` with the place, for a keyword or a value that is not known.
  public init(_ json: JSONValue) throws {
    self.json = json
    node = try Node(json, place: "the schema", depth: 0)
  }

  /// What is wrong with a value, in words for whoever wrote it; empty where nothing is, and never more than ten.
  public func faults(of value: JSONValue) -> [String] {
    var faults: [String] = []
    node.check(value, at: "the answer", &faults)
    return Array(faults.prefix(Self.faultLimit))
  }

  private static let faultLimit = 10

  /// The schema of what stands below a name of an object, or of an array's items.
  public func property(_ name: String) -> JSONSchema? {
    node.properties[name].map { JSONSchema(json: $0.json, node: $0) }
  }
  public var items: JSONSchema? { node.items.first.map { JSONSchema(json: $0.json, node: $0) } }
  public var kinds: [Kind] { node.kinds }
  /// Names that an object always has.
  public var requiredNames: [String] { node.required }

  /// Whether every object names all its members and allows no others, as OpenAI's `strict` demands.
  public var isStrict: Bool { node.isStrict }

  private init(json: JSONValue, node: Node) {
    self.json = json
    self.node = node
  }
}

/// One schema within a schema.
private struct Node: Hashable, Sendable {
  var json: JSONValue
  var kinds: [JSONSchema.Kind] = []
  var properties: [String: Node] = [:]
  var required: [String] = []
  var allowsOthers = true
  var allowed: [JSONValue]?
  /// At most one: a struct cannot hold itself.
  var items: [Node] = []
  var itemCount = 0...Int.max
  var length = 0...Int.max
  var minimum: Double?
  var maximum: Double?
  var pattern: String?

  var isStrict: Bool {
    let isClosed = !kinds.contains(.object) || (!allowsOthers && Set(required) == Set(properties.keys))
    return isClosed && properties.values.allSatisfy(\.isStrict) && items.allSatisfy(\.isStrict)
  }
}

// MARK: - Reading

extension Node {
  private static let depthLimit = 32
  private static let silent: Set<String> = ["title", "description", "$schema", "default", "examples"]

  init(_ json: JSONValue, place: String, depth: Int) throws {
    guard let members = json.members else { throw HintedError("\(place) is not an object") }
    guard depth < Self.depthLimit else { throw HintedError("\(place) nests deeper than \(Self.depthLimit)") }
    self.json = json
    var (least, most, shortest, longest): (Int?, Int?, Int?, Int?)
    for (keyword, value) in members.sorted(by: { $0.key < $1.key }) {
      let here = "\(place).\(keyword)"
      switch keyword {
      case "type": kinds = try Self.kinds(value, here)
      case "properties":
        guard let named = value.members else { throw HintedError("\(here) is not an object") }
        for (name, schema) in named { properties[name] = try Node(schema, place: "\(here).\(name)", depth: depth + 1) }
      case "required": required = try Self.texts(value, here)
      case "additionalProperties":
        guard case .bool(let allows) = value else { throw HintedError("\(here) is neither true nor false") }
        allowsOthers = allows
      case "enum":
        guard let values = value.items, !values.isEmpty else { throw HintedError("\(here) is not a list of values") }
        allowed = values
      case "items": items = [try Node(value, place: here, depth: depth + 1)]
      case "minItems": least = try Self.count(value, here)
      case "maxItems": most = try Self.count(value, here)
      case "minLength": shortest = try Self.count(value, here)
      case "maxLength": longest = try Self.count(value, here)
      case "minimum": minimum = try Self.number(value, here)
      case "maximum": maximum = try Self.number(value, here)
      case "pattern": pattern = try Self.pattern(value, here)
      case _ where Self.silent.contains(keyword): continue
      default:
        throw HintedError(
          "\(place) has '\(keyword)', which is not checked here",
          hint:
            "known are type, properties, required, additionalProperties, enum, items, minItems, maxItems, minLength, "
            + "maxLength, minimum, maximum and pattern")
      }
    }
    itemCount = try Self.range(least, most, "\(place): minItems and maxItems")
    length = try Self.range(shortest, longest, "\(place): minLength and maxLength")
    if let name = required.first(where: { properties[$0] == nil }) {
      throw HintedError("\(place) requires '\(name)', which its properties do not name")
    }
  }

  private static func kinds(_ value: JSONValue, _ place: String) throws -> [JSONSchema.Kind] {
    let words = value.text.map { [$0] } ?? value.items?.compactMap(\.text) ?? []
    let kinds = words.compactMap(JSONSchema.Kind.init)
    guard !kinds.isEmpty, kinds.count == words.count, value.items.map({ $0.count == words.count }) ?? true else {
      throw HintedError(
        "\(place) names no type", hint: "types are \(JSONSchema.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return kinds
  }

  private static func texts(_ value: JSONValue, _ place: String) throws -> [String] {
    guard let items = value.items, case let texts = items.compactMap(\.text), texts.count == items.count else {
      throw HintedError("\(place) is not a list of names")
    }
    return texts
  }

  private static func count(_ value: JSONValue, _ place: String) throws -> Int {
    guard case .number(let text) = value, let count = Int(text), count >= 0 else {
      throw HintedError("\(place) is not a whole number from 0")
    }
    return count
  }

  private static func number(_ value: JSONValue, _ place: String) throws -> Double {
    guard case .number(let text) = value, let number = Double(text), number.isFinite else {
      throw HintedError("\(place) is not a number")
    }
    return number
  }

  private static func pattern(_ value: JSONValue, _ place: String) throws -> String {
    guard let text = value.text, (try? Regex(text)) != nil else {
      throw HintedError("\(place) is not a regular expression that can be used here")
    }
    return text
  }

  private static func range(_ least: Int?, _ most: Int?, _ place: String) throws -> ClosedRange<Int> {
    let (low, high) = (least ?? 0, most ?? Int.max)
    guard low <= high else { throw HintedError("\(place) leave nothing between them") }
    return low...high
  }
}

// MARK: - Checking

extension Node {
  func check(_ value: JSONValue, at place: String, _ faults: inout [String]) {
    if !kinds.isEmpty, !kinds.contains(where: { value.isOf($0) }) {
      faults.append("\(place) should be \(kinds.map(\.words).joined(separator: " or "))")
      return
    }
    if let allowed, !allowed.contains(where: { $0.isEqual(to: value) }) {
      let shown = allowed.map { (try? CanonicalJSON.text($0)) ?? "" }.joined(separator: ", ")
      faults.append("\(place) should be one of \(shown)")
    }
    switch value {
    case .object(let members): check(members, at: place, &faults)
    case .array(let values): check(values, at: place, &faults)
    case .string(let text): check(text, at: place, &faults)
    case .number(let text): check(Double(text) ?? .nan, at: place, &faults)
    case .bool, .null: break
    }
  }

  private func check(_ members: [String: JSONValue], at place: String, _ faults: inout [String]) {
    for name in required where members[name] == nil { faults.append("\(place) lacks '\(name)'") }
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      if let property = properties[name] {
        property.check(value, at: "\(place).\(name)", &faults)
      } else if !allowsOthers {
        faults.append("\(place) has '\(name)', which is not allowed")
      }
    }
  }

  private func check(_ values: [JSONValue], at place: String, _ faults: inout [String]) {
    if !itemCount.contains(values.count) {
      faults.append("\(place) has \(values.count) items, and should have \(Self.words(itemCount))")
    }
    guard let item = items.first else { return }
    for (index, value) in values.enumerated() { item.check(value, at: "\(place)[\(index)]", &faults) }
  }

  private func check(_ text: String, at place: String, _ faults: inout [String]) {
    let count = text.unicodeScalars.count
    if !length.contains(count) {
      faults.append("\(place) has \(count) characters, and should have \(Self.words(length))")
    }
    guard let pattern, let regex = try? Regex(pattern), (try? regex.firstMatch(in: text)) == nil else { return }
    faults.append("\(place) should match \(pattern)")
  }

  private func check(_ number: Double, at place: String, _ faults: inout [String]) {
    // NaN is below and above everything.
    if let minimum, !(number >= minimum) { faults.append("\(place) should be at least \(minimum)") }
    if let maximum, !(number <= maximum) { faults.append("\(place) should be at most \(maximum)") }
  }

  private static func words(_ range: ClosedRange<Int>) -> String {
    if range.upperBound == Int.max { return "at least \(range.lowerBound)" }
    return range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
  }
}

extension JSONSchema.Kind {
  fileprivate var words: String {
    switch self {
    case .object, .array, .integer: "an \(rawValue)"
    case .null: "null"
    case .string, .number, .boolean: "a \(rawValue)"
    }
  }
}

extension JSONValue {
  fileprivate func isOf(_ kind: JSONSchema.Kind) -> Bool {
    switch (self, kind) {
    case (.object, .object), (.array, .array), (.string, .string), (.bool, .boolean), (.null, .null): true
    case (.number(let text), .number): Double(text)?.isFinite == true
    case (.number(let text), .integer): Double(text).map { $0.isFinite && $0.rounded() == $0 } ?? false
    default: false
    }
  }

  /// Numbers by their value: `1` and `1.0` are one.
  fileprivate func isEqual(to other: JSONValue) -> Bool {
    if case .number(let left) = self, case .number(let right) = other { return Double(left) == Double(right) }
    return self == other
  }
}
