import Basics
import Foundation
import Lineage

/// Word lists beside a recipe: a word or phrase a line; blank lines and lines that start with `#` do not count.
enum WordListFile {
  static let byteLimit = 16 << 20

  /// What each list of a recipe gives to prompts.
  static func lists(of recipe: Recipe, folder: String) throws -> [String: PromptList] {
    try (recipe.prompting?.lists ?? [:]).mapValues { list in
      switch list {
      case .passages(let section):
        let file = try PassageFile(reading: "\(folder)/\(section.file)", field: section.field)
        return PromptList(try PassageCutter(byteCount: section.byteCount).passages(of: file, named: section.file))
      case .examples(let section):
        let file = try PassageFile(reading: "\(folder)/\(section.file)", field: section.field)
        return PromptList(
          try ExampleFile.words(of: file, shownCount: section.shownCount, seed: recipe.seed, named: section.file))
      case .inline, .file: return PromptList(try entries(of: list, folder: folder).map { PromptWord($0) })
      }
    }
  }

  /// The requests that a student should refuse, a line each, by the set of questions that they make.
  static func refusalRequests(of recipe: Recipe, folder: String) throws -> [QuestionSet: [String]] {
    let examination = recipe.task.examination
    let lists: [QuestionSet: Recipe.WordList?] = [
      .offTopic: examination?.offTopic, .outOfRange: examination?.outOfRange,
    ]
    return try lists.compactMapValues(\.self).mapValues { try entries(of: $0, folder: folder) }
  }

  private static func entries(of list: Recipe.WordList, folder: String) throws -> [String] {
    switch list {
    case .inline(let inline): inline
    case .file(let path): try read("\(folder)/\(path)")
    // Only prompts are made of pieces; the reader takes them nowhere else.
    case .passages, .examples: []
    }
  }

  /// - Throws: `HintedError` for a missing, empty, oversized or repetitive file, or one that is not UTF-8.
  static func read(_ path: String) throws -> [String] {
    let bytes = try AtomicFile.read(path)
    guard bytes.count <= byteLimit else {
      throw HintedError("\(path) has \(ReadableUnits.bytes(bytes.count)), more than \(ReadableUnits.bytes(byteLimit))")
    }
    guard let text = String(validating: bytes, as: UTF8.self), !text.unicodeScalars.contains("\0") else {
      throw HintedError("\(path) is not valid UTF-8 text", hint: "save it as UTF-8, one word or phrase a line")
    }
    var firstLines: [String: Int] = [:]
    var words: [String] = []
    for (index, line) in text.components(separatedBy: .newlines).enumerated() {
      let word = line.trimmingCharacters(in: .whitespaces)
      if word.isEmpty || word.hasPrefix("#") { continue }
      if let first = firstLines.updateValue(index + 1, forKey: word) {
        throw HintedError("\(path): '\(word)' stands on line \(first) and again on line \(index + 1)")
      }
      words.append(word)
    }
    guard !words.isEmpty else { throw HintedError("\(path) holds no words", hint: "write one word or phrase a line") }
    return words
  }
}
