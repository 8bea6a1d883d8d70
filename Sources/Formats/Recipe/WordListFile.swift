import Basics
import Foundation
import Intake
import Lineage

/// Word lists beside a recipe: a word or phrase a line, perhaps a tab and a weight behind it; blank lines and those
/// that start with `#` do not count.
enum WordListFile {
  static let byteLimit = 16 << 20

  /// What each list of a recipe gives to prompts.
  static func lists(of recipe: Recipe, folder: String) throws -> [String: PromptList] {
    let sections = recipe.prompting?.lists ?? [:]
    var lists: [String: PromptList] = [:]
    for (name, list) in sections {
      guard case .dependent(let parent, let byWord, let otherwise) = list else {
        lists[name] = PromptList(try words(of: list, seed: recipe.seed, folder: folder))
        continue
      }
      lists[name] = PromptList(
        try otherwise.map { try words(of: $0, seed: recipe.seed, folder: folder) } ?? [], parent: parent,
        wordsByParent: try byWord.mapValues { try words(of: $0, seed: recipe.seed, folder: folder) })
    }
    for (name, list) in lists { try check(list, named: name, parent: list.parent.flatMap { lists[$0] }) }
    return lists
  }

  private static func words(of list: Recipe.WordList, seed: UInt64, folder: String) throws -> [PromptWord] {
    switch list {
    case .passages(let section):
      let file = try PassageFile(reading: "\(folder)/\(section.file)", field: section.field)
      return try PassageCutter(byteCount: section.byteCount).passages(of: file, named: section.file)
    case .examples(let section):
      let file = try PassageFile(reading: "\(folder)/\(section.file)", field: section.field)
      return try ExampleFile.words(of: file, shownCount: section.shownCount, seed: seed, named: section.file)
    case .weighted(let words): return words.map { PromptWord($0.word, weight: $0.weight) }
    case .file(let path): return try read("\(folder)/\(path)")
    case .inline, .dependent: return try entries(of: list, folder: folder).map { PromptWord($0) }
    }
  }

  /// Each word of the other list has words here, and no word here waits for one that never comes.
  private static func check(_ list: PromptList, named name: String, parent: PromptList?) throws {
    guard let parent else { return }
    let known = parent.texts
    for word in list.wordsByParent.keys.sorted() where !known.contains(word) {
      let meant = EditDistance.nearest(to: word, in: known)
      throw HintedError(
        "prompting.lists.\(name) has words for '\(word)', which '\(list.parent ?? "")' does not have",
        hint: meant.map { "did you mean '\($0)'?" } ?? "leave them out, or add the word")
    }
    guard let bare = known.first(where: { list.words(beside: $0).isEmpty }) else { return }
    throw HintedError(
      "prompting.lists.\(name) has no words for '\(bare)' of '\(list.parent ?? "")'",
      hint: "add them, or `otherwise` for all words that have none")
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
    // A request that is to be refused has no weight.
    case .file(let path): try read("\(folder)/\(path)", hasWeights: false).map(\.text)
    // Only prompts are made of pieces; the reader takes them nowhere else.
    case .passages, .examples, .weighted, .dependent: []
    }
  }

  /// - Throws: `HintedError` for a missing, empty, oversized or repetitive file, or one that is not UTF-8.
  static func read(_ path: String, hasWeights: Bool = true) throws -> [PromptWord] {
    let text = try TextFile.read(path, byteLimit: byteLimit)
    var firstLines: [String: Int] = [:]
    var words: [PromptWord] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let trimmed = line.trimmingCharacters(in: .whitespaces)
      if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
      let (word, weight) = hasWeights ? try weighted(trimmed, "\(path): line \(index + 1)") : (trimmed, nil)
      if let first = firstLines.updateValue(index + 1, forKey: word) {
        throw HintedError("\(path): '\(word)' stands on line \(first) and again on line \(index + 1)")
      }
      words.append(PromptWord(word, weight: weight ?? PromptWord.usualWeight))
    }
    guard !words.isEmpty else { throw HintedError("\(path) holds no words", hint: "write one word or phrase a line") }
    return words
  }

  /// A line's word and, behind its last tab, its weight in thousandths.
  private static func weighted(_ line: String, _ place: String) throws -> (word: String, weight: Int?) {
    guard let tab = line.lastIndex(of: "\t") else { return (line, nil) }
    let text = line[line.index(after: tab)...].trimmingCharacters(in: .whitespaces)
    guard let weight = Double(text), (0.001...1000).contains(weight) else {
      throw HintedError(
        "\(place) has '\(text.prefix(40))' behind its tab, which is not a weight",
        hint: "a weight is a number from 0.001 to 1000; within a phrase, write spaces")
    }
    return (line[..<tab].trimmingCharacters(in: .whitespaces), Int((weight * 1000).rounded()))
  }
}
