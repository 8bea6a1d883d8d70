import Basics
import Foundation
import Intake
import Yams

/// A YAML text that a person wrote, parsed with limits; the entry to `YAMLMapping`.
enum YAMLText {
  /// Recipes and profiles are pages, not data.
  static let byteLimit = 1 << 20

  /// - Throws: `HintedError` for a missing file, one that is too large, or one that is not UTF-8.
  static func read(_ path: String) throws -> String {
    try TextFile.read(path, byteLimit: byteLimit)
  }

  /// The top mapping.
  /// - Parameter name: the file's path, for messages.
  /// - Throws: `HintedError` with the line of a syntax error.
  static func mapping(_ text: String, name: String) throws -> YAMLMapping {
    do {
      guard let node = try Yams.compose(yaml: text) else { throw HintedError("\(name) is empty") }
      return try YAMLMapping(node, at: YAMLPlace(file: name))
    } catch let error as YamlError {
      throw HintedError("\(name): \(summary(error))", hint: "the usual causes are indentation and missing quotes")
    }
  }

  private static func summary(_ error: YamlError) -> String {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      "line \(mark.line), column \(mark.column): \(problem)"
    case .duplicatedKeysInMapping(let keys, let context):
      "line \(context.mark.line): a key stands twice: \(keys.map(String.init(describing:)).joined(separator: ", "))"
    case .reader(let problem, _, _, _): problem
    default: "not readable as YAML"
    }
  }
}

/// Where in a file a value stands, for messages: `recipe.yaml: curation.heldOutFraction (line 12)`.
struct YAMLPlace {
  var file: String
  var keys: [String] = []
  var line: Int?

  func appending(_ key: String, line: Int?) -> YAMLPlace {
    YAMLPlace(file: file, keys: keys + [key], line: line ?? self.line)
  }

  var text: String {
    let path = keys.isEmpty ? "" : ": \(keys.joined(separator: "."))"
    return file + path + (line.map { " (line \($0))" } ?? "")
  }

  func error(_ problem: String, hint: String? = nil) -> HintedError {
    HintedError("\(text) \(problem)", hint: hint)
  }
}
