import Basics
import Yams

/// A mapping that is read key by key and then asked whether anything is left: a key that nobody reads is a spelling
/// mistake, and is reported with the key that was probably meant.
struct YAMLMapping {
  let place: YAMLPlace
  private var values: [String: YAMLValue] = [:]
  private var order: [String] = []
  private var asked: [String] = []

  /// - Throws: `HintedError` when the node is no mapping, or a key is no text.
  init(_ node: Node, at place: YAMLPlace) throws {
    guard case .mapping(let mapping) = node else {
      throw place.error("should hold keys with values", hint: "write `key: value` lines, indented alike")
    }
    self.place = place
    for (key, value) in mapping {
      guard let name = key.scalar?.string else { throw place.error("has a key that is not a plain word") }
      values[name] = YAMLValue(node: value, place: place.appending(name, line: key.mark?.line))
      order.append(name)
    }
  }

  /// The value of a key that may be absent.
  mutating func optional(_ key: String) -> YAMLValue? {
    asked.append(key)
    return values[key].flatMap { $0.isNull ? nil : $0 }
  }

  /// - Throws: `HintedError` when the key is missing.
  mutating func required(_ key: String) throws -> YAMLValue {
    if let value = optional(key) { return value }
    if let meant = unaskedNear(key) { throw unknown(meant, nearest: key) }
    throw place.error("lacks the key '\(key)'")
  }

  /// Every key with its value, for mappings whose keys are the author's own.
  mutating func all() -> [(key: String, value: YAMLValue)] {
    asked += order
    return order.compactMap { key in values[key].map { (key, $0) } }
  }

  /// - Throws: `HintedError` for the first key that was not asked for.
  func finish() throws {
    guard let key = order.first(where: { !asked.contains($0) }) else { return }
    throw unknown(key, nearest: EditDistance.nearest(to: key, in: asked))
  }

  private func unaskedNear(_ key: String) -> String? {
    order.first { !asked.contains($0) && EditDistance.nearest(to: $0, in: [key]) == key }
  }

  private func unknown(_ key: String, nearest: String?) -> HintedError {
    let keyPlace = values[key]?.place ?? place
    let known = asked.sorted().joined(separator: ", ")
    return keyPlace.error("is not a known key", hint: nearest.map { "did you mean '\($0)'?" } ?? "known keys: \(known)")
  }
}
