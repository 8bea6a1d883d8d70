import Basics

/// Answers as JSON: what they must be, how often one that is not is sent back, and how one becomes a text.
public struct AnswerFormat: Hashable, Sendable {
  public var schema: JSONSchema
  /// A text with `{member}` for members of an object.
  public var text: PromptTemplate
  /// The member of the answer that holds a list of such objects; nil where the answer is one, or such a list itself.
  public var items: String?
  /// How often an answer that does not fit is sent back.
  public var repairs: Int

  public static let usualRepairs = 2

  /// - Throws: `HintedError` where the text takes a member that an answer may lack, or that is no text or number.
  public init(schema: JSONSchema, text: PromptTemplate, items: String? = nil, repairs: Int = usualRepairs) throws {
    self.schema = schema
    self.text = text
    self.items = items
    self.repairs = repairs
    try check()
  }

  private func check() throws {
    var object = schema
    if let items {
      guard let list = schema.property(items), list.kinds == [.array], schema.requiredNames.contains(items) else {
        throw HintedError("the schema requires no list by the name '\(items)'", hint: "items names one of its members")
      }
      object = list
    }
    if object.kinds == [.array] {
      guard let item = object.items else { throw HintedError("the schema's list does not say what its items are") }
      object = item
    }
    guard object.kinds == [.object] else {
      throw HintedError("the schema is of no object and of no list of objects", hint: "a list below a member: items")
    }
    let scalars: Set<JSONSchema.Kind> = [.string, .number, .integer, .boolean]
    for name in text.listNames {
      guard let member = object.property(name), object.requiredNames.contains(name) else {
        throw HintedError("the text uses {\(name)}, which the schema does not require", hint: "add it to `required`")
      }
      guard !member.kinds.isEmpty, scalars.isSuperset(of: member.kinds) else {
        throw HintedError("the text uses {\(name)}, which is neither text nor a number nor a boolean")
      }
    }
    guard !text.listNames.isEmpty else { throw HintedError("the text takes no member of the answer") }
  }

  /// The answer's value; fences around it, as models write them, do not count.
  private static func value(of answer: String) -> JSONValue? {
    var text = answer.drop { $0.isWhitespace }
    if text.hasPrefix("```"), let line = text.firstIndex(where: \.isNewline) {
      text = text[line...]
      if let end = text.ranges(of: "```").last { text = text[..<end.lowerBound] }
    }
    return try? LenientJSON(Array(text.utf8)).value
  }

  /// What is wrong with an answer; nil where it fits.
  public func fault(of answer: String) -> String? {
    guard let value = Self.value(of: answer) else { return "the answer is not JSON" }
    let faults = schema.faults(of: value)
    return faults.isEmpty ? nil : faults.joined(separator: "; ")
  }

  /// An answer as text: objects of a list are a blank line apart. Empty for one that does not fit.
  public func text(of answer: String) -> String {
    guard fault(of: answer) == nil, let value = Self.value(of: answer) else { return "" }
    let found = items.map { value[$0] ?? .null } ?? value
    return (found.items ?? [found]).map { object in
      text.filled(with: (object.members ?? [:]).compactMapValues(\.scalarText))
    }.joined(separator: "\n\n")
  }
}

extension JSONValue {
  /// What a member is within a text; nil for what has members of its own.
  fileprivate var scalarText: String? {
    switch self {
    case .string(let text), .number(let text): text
    case .bool(let bool): String(bool)
    case .null, .array, .object: nil
    }
  }
}

extension AnswerFormat: Codable {
  private enum Key: String, CodingKey { case schema, text, items, repairs }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    try self.init(
      schema: JSONSchema(values.decode(JSONValue.self, forKey: .schema)),
      text: values.decode(PromptTemplate.self, forKey: .text),
      items: values.decodeIfPresent(String.self, forKey: .items), repairs: values.decode(Int.self, forKey: .repairs))
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(schema.json, forKey: .schema)
    try values.encode(text, forKey: .text)
    try values.encodeIfPresent(items, forKey: .items)
    try values.encode(repairs, forKey: .repairs)
  }
}
