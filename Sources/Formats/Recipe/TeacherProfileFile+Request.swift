import Basics
import Lineage
import Yams

/// How a server's requests differ from its dialect's: what is left out, renamed and added.
extension YAMLMapping {
  mutating func requestFields() throws -> TeacherProfile.RequestFields {
    TeacherProfile.RequestFields(
      omit: try optional("omit")?.texts() ?? [], rename: try optional("rename")?.names() ?? [:],
      body: try optional("body")?.jsonObject() ?? [:], headers: try optional("headers")?.headerLines() ?? [:],
      query: try optional("query")?.queryItems() ?? [:],
      always: try optional("always")?.items().map { try $0.choice(of: ["temperature", "top_p"]) } ?? [])
  }
}

extension YAMLValue {
  func timeouts() throws -> TeacherProfile.Timeouts {
    var mapping = try mapping()
    func seconds(_ key: String) throws -> Double? { try mapping.optional(key)?.number(in: 0.1...86_400) }
    let timeouts = TeacherProfile.Timeouts(
      connect: try seconds("connect"), silence: try seconds("silence"), total: try seconds("total"))
    try mapping.finish()
    return timeouts
  }

  /// Up to four, as the APIs take them.
  func stopTexts() throws -> [String] {
    let texts = isScalar ? [try text()] : try texts()
    guard texts.count <= 4 else { throw place.error("has \(texts.count) texts, and the APIs take 4") }
    return texts
  }

  fileprivate func names() throws -> [String: String] {
    var mapping = try mapping()
    return Dictionary(try mapping.all().map { ($0.key, try $0.value.text()) }) { first, _ in first }
  }

  fileprivate func jsonObject() throws -> [String: JSONValue] {
    var mapping = try mapping()
    return Dictionary(try mapping.all().map { ($0.key, try $0.value.json()) }) { first, _ in first }
  }

  /// As YAML reads plain words: numbers, true, false and null are themselves, all else is text.
  private func json() throws -> JSONValue {
    switch node {
    case .sequence(let items) where items.isEmpty: return .array([])
    case .sequence: return .array(try items().map { try $0.json() })
    case .mapping: return .object(try jsonObject())
    default: break
    }
    guard let scalar = node.scalar else { throw place.error("should be a value that JSON knows") }
    guard scalar.style == .plain else { return .string(scalar.string) }
    switch scalar.string {
    case "", "~", "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    case let text where Int64(text) != nil || Double(text)?.isFinite == true: return .number(text)
    case let text: return .string(text)
    }
  }

  /// Names of headers and queries that carry keys: those of `keyHeader`, and what servers call a secret.
  private static let secretNames: Set<String> = [
    "authorization", "proxy-authorization", "api-key", "x-api-key", "x-goog-api-key", "cookie", "key", "api_key",
    "apikey", "token", "access_token", "sig", "signature", "secret",
  ]

  private func checkNoSecret(_ name: String) throws {
    guard !Self.secretNames.contains(name.lowercased()) else {
      throw place.error(
        "would carry a key", hint: "name the key's environment variable in keyVariable, and how it travels in keyHeader"
      )
    }
  }

  fileprivate func headerLines() throws -> [String: String] {
    var mapping = try mapping()
    var lines: [String: String] = [:]
    for (name, value) in mapping.all() {
      try value.checkNoSecret(name)
      let text = try value.text()
      guard name.unicodeScalars.allSatisfy(\.isTokenCharacter), !name.isEmpty else {
        throw value.place.error("is not the name of a header")
      }
      guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value < 0x7F }) else {
        throw value.place.error("holds a line end or a character beyond ASCII, which no header can carry")
      }
      lines[name] = text
    }
    return lines
  }

  fileprivate func queryItems() throws -> [String: String] {
    var mapping = try mapping()
    var items: [String: String] = [:]
    for (name, value) in mapping.all() {
      try value.checkNoSecret(name)
      let text = try value.text()
      guard (name + text).unicodeScalars.allSatisfy(\.isUnreserved) else {
        throw value.place.error(
          "holds more than letters, digits and '-._~'", hint: "such a query cannot be sent as it is")
      }
      items[name] = text
    }
    return items
  }
}

extension Unicode.Scalar {
  /// RFC 9110, section 5.6.2.
  fileprivate var isTokenCharacter: Bool {
    isASCII
      && (properties.isAlphabetic || ("0"..."9").contains(self) || "!#$%&'*+-.^_`|~".unicodeScalars.contains(self))
  }

  /// RFC 3986, section 2.3.
  fileprivate var isUnreserved: Bool {
    isASCII && (properties.isAlphabetic || ("0"..."9").contains(self) || "-._~".unicodeScalars.contains(self))
  }
}
