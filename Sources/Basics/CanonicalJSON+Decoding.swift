import Foundation

extension CanonicalJSON {
  /// Decodes a JSON text that nobody vouches for.
  /// - Parameter name: what the bytes are, for messages: a path, a line.
  /// - Throws: `HintedError` that says which field is missing or wrong.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from bytes: some Collection<UInt8>, named name: String
  ) throws -> Value {
    // JSONDecoder would also take UTF-16 and UTF-32; Alambic writes nothing in them.
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw HintedError("\(name): the text is not valid UTF-8", hint: "the file is damaged or is not JSON")
    }
    do {
      return try decode(type, from: bytes)
    } catch let error as DecodingError {
      let summary = error.isAboutWholeText && isJSON(bytes) ? "a number does not fit its field" : error.summary
      throw HintedError("\(name): \(summary)", hint: "the file is damaged, or another version wrote it")
    }
  }
}

extension CanonicalJSON {
  /// JSONDecoder says of a number that does not fit its field what it says of a text that is not JSON.
  private static func isJSON(_ bytes: some Collection<UInt8>) -> Bool {
    (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
  }
}

extension DecodingError {
  fileprivate var isAboutWholeText: Bool {
    if case .dataCorrupted(let context) = self { context.codingPath.isEmpty } else { false }
  }

  /// What is wrong and in which field, in one clause.
  fileprivate var summary: String {
    switch self {
    case .keyNotFound(let key, let context):
      "the field '\(Self.path(context.codingPath + [key]))' is missing"
    case .typeMismatch(let type, let context):
      "the field '\(Self.path(context.codingPath))' is not of the type \(type)"
    case .valueNotFound(_, let context):
      "the field '\(Self.path(context.codingPath))' is null"
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      "not a JSON text"
    case .dataCorrupted(let context):
      "the field '\(Self.path(context.codingPath))': \(context.debugDescription)"
    @unknown default:
      "not the JSON that was expected"
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
  }
}
