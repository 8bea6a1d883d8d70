import Basics
import Lineage
import Networks

extension YAMLValue {
  func prompting() throws -> Recipe.Prompting {
    var mapping = try mapping()
    let templates = try mapping.required("templates").templates()
    let target = try mapping.optional("target")?.target()
    let sampling = try mapping.optional("sampling")?.sampling() ?? Recipe.Sampling()
    let prompting = Recipe.Prompting(
      system: try mapping.optional("system")?.text(), templates: templates.map(\.template),
      lists: try mapping.optional("lists")?.wordLists() ?? [:],
      count: try mapping.count(with: target, of: sampling.n ?? 1), sampling: sampling,
      tolerance: try mapping.optional("tolerance")?.number(in: 0...1) ?? Recipe.Prompting.usualTolerance,
      target: target,
      keepPrompt: try mapping.optional("keepPrompt").map { try $0.choice(of: ["true", "false"]) == "true" },
      json: try mapping.optional("json")?.jsonAnswers())
    try mapping.finish()
    for (template, place) in templates { try Self.check(template, against: prompting.lists, at: place) }
    return prompting
  }

  private func jsonAnswers() throws -> Recipe.JSONAnswers {
    var mapping = try mapping()
    let text = try mapping.required("text")
    let template: PromptTemplate
    do {
      template = try PromptTemplate(text.text())
    } catch let error as HintedError {
      throw HintedError("\(text.place.text): \(error.message)", hint: error.hint)
    }
    let answers = Recipe.JSONAnswers(
      schema: try mapping.required("schema").relativePath(), text: template,
      items: try mapping.optional("items")?.text(),
      repairs: try mapping.optional("repairs")?.integer(in: 0...10) ?? AnswerFormat.usualRepairs)
    try mapping.finish()
    return answers
  }

  /// `5000 documents`, or a mapping that says more.
  private func target() throws -> Recipe.Prompting.Target {
    guard isMapping else {
      let words = try text().split(separator: " ")
      guard words.count == 2, words[1] == "documents", let count = Int(words[0].filter { $0 != "_" }) else {
        throw place.error("should be such as `5000 documents`")
      }
      guard Self.countRange.contains(count) else {
        throw place.error("is \(count) documents, outside \(Self.countRange.lowerBound)…\(Self.countRange.upperBound)")
      }
      return Recipe.Prompting.Target(documents: count)
    }
    var mapping = try mapping()
    let target = Recipe.Prompting.Target(
      documents: try mapping.required("documents").integer(in: Self.countRange),
      newShare: try mapping.optional("newShare")?.number(in: 0...1) ?? Recipe.Prompting.Target.usualNewShare,
      answers: try mapping.optional("answers")?.integer(in: 1...100_000) ?? Recipe.Prompting.Target.usualAnswers)
    try mapping.finish()
    return target
  }

  fileprivate static let countRange = 1...10_000_000

  private func templates() throws -> [(template: PromptTemplate, place: YAMLPlace)] {
    try items().map { item in
      do {
        return (try PromptTemplate(item.text()), item.place)
      } catch let error as HintedError {
        throw HintedError("\(item.place.text): \(error.message)", hint: error.hint)
      }
    }
  }

  private static func check(
    _ template: PromptTemplate, against lists: [String: Recipe.WordList], at place: YAMLPlace
  ) throws {
    for name in template.listNames {
      guard let parent = lists[name]?.parent, !template.listNames.contains(parent) else { continue }
      throw place.error(
        "uses {\(name)}, which depends on {\(parent)}, but not {\(parent)} itself",
        hint: "say both, or take another list")
    }
    guard let missing = template.listNames.first(where: { lists[$0] == nil }) else { return }
    let meant = EditDistance.nearest(to: missing, in: lists.keys.sorted())
    throw place.error(
      "uses {\(missing)}, but there is no such list",
      hint: meant.map { "did you mean {\($0)}?" } ?? "add it under prompting.lists")
  }

  private func wordLists() throws -> [String: Recipe.WordList] {
    var mapping = try mapping()
    var lists: [String: Recipe.WordList] = [:]
    for (name, value) in mapping.all() {
      guard PromptTemplate.isListName(name), name != PromptLabel.template else {
        throw value.place.error("cannot be a list's name", hint: "start with a letter; 'template' is taken")
      }
      lists[name] = try value.promptList()
    }
    for (name, value) in mapping.all() { try Self.checkParents(of: name, in: lists, at: value.place) }
    return lists
  }

  private func promptList() throws -> Recipe.WordList {
    guard isMapping else { return try weightedList() }
    var mapping = try mapping()
    return mapping.optional("by") == nil ? try listOfPieces() : try dependentList()
  }

  /// One by name, or several with weights.
  func teachers() throws -> [Recipe.WeightedWord] {
    guard !isScalar else { return [Recipe.WeightedWord(try text())] }
    return switch try weightedList() {
    case .weighted(let teachers): teachers
    case .inline(let names): names.map { Recipe.WeightedWord($0) }
    default: throw place.error("should be a teacher's name, or a list of such")
    }
  }

  /// `- word` or `- word: weight`; a file has no weights.
  private func weightedList() throws -> Recipe.WordList {
    guard !isScalar, try items().contains(where: \.isMapping) else { return try wordList() }
    let words = try items().map { item in
      guard item.isMapping else { return Recipe.WeightedWord(try item.text()) }
      var mapping = try item.mapping()
      let pairs = mapping.all()
      guard pairs.count == 1, let (word, weight) = pairs.first else {
        throw item.place.error("should be one word and its weight", hint: "write `- word: 2`")
      }
      return Recipe.WeightedWord(word, weight: Int((try weight.number(in: 0.001...1000) * 1000).rounded()))
    }
    guard Set(words.map(\.word)).count == words.count else { throw place.error("holds a word twice") }
    return .weighted(words)
  }

  private func dependentList() throws -> Recipe.WordList {
    var mapping = try mapping()
    let parent = try mapping.required("by").text()
    var words = try mapping.required("words").mapping()
    let byWord = try words.all().map { ($0.key, try $0.value.weightedList()) }
    let otherwise = try mapping.optional("otherwise")?.weightedList()
    try mapping.finish()
    return .dependent(on: parent, words: Dictionary(uniqueKeysWithValues: byWord), otherwise: otherwise)
  }

  /// A list depends on one that is there, whose words are words, and not on itself.
  private static func checkParents(of name: String, in lists: [String: Recipe.WordList], at place: YAMLPlace) throws {
    var (current, seen) = (name, Set([name]))
    while let parent = lists[current]?.parent {
      guard let list = lists[parent] else {
        let meant = EditDistance.nearest(to: parent, in: lists.keys.sorted())
        throw place.error(
          "depends on '\(parent)', but there is no such list",
          hint: meant.map { "did you mean '\($0)'?" } ?? "add it under prompting.lists")
      }
      guard seen.insert(parent).inserted else { throw place.error("depends on itself by way of '\(current)'") }
      guard !list.isOfPieces else { throw place.error("depends on '\(parent)', whose words are pieces of a file") }
      current = parent
    }
  }

  /// What is cut from a file of one's own.
  private func listOfPieces() throws -> Recipe.WordList {
    var mapping = try mapping()
    let (passages, examples) = (mapping.optional("passages"), mapping.optional("examples"))
    let field = try mapping.optional("field")?.text()
    let list: Recipe.WordList
    switch (passages, examples) {
    case (let passages?, nil):
      let limit = try mapping.optional("bytes")?.integer(in: 40...20_000) ?? Recipe.Passages.usualByteCount
      list = .passages(Recipe.Passages(file: try passages.relativePath(), field: field, byteCount: limit))
    case (nil, let examples?):
      let shown = try mapping.optional("shown")?.integer(in: 1...100) ?? Recipe.Examples.usualShownCount
      list = .examples(Recipe.Examples(file: try examples.relativePath(), field: field, shownCount: shown))
    default:
      throw place.error(
        "is neither words nor a file of them",
        hint: "write `passages: FILE` or `examples: FILE` below it, and one of them")
    }
    try mapping.finish()
    return list
  }

  func wordList() throws -> Recipe.WordList {
    guard !isScalar else { return .file(try relativePath()) }
    let words = try texts()
    guard Set(words).count == words.count else { throw place.error("holds a word twice") }
    return .inline(words)
  }

  /// A path that stays below the recipe's folder.
  func relativePath() throws -> String {
    let path = try text()
    guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
      throw place.error("is '\(path)', outside the recipe's folder", hint: "keep a corpus's files beside its recipe")
    }
    return path
  }

  private func sampling() throws -> Recipe.Sampling {
    var mapping = try mapping()
    let sampling = Recipe.Sampling(
      temperature: try mapping.optional("temperature")?.number(in: 0...2),
      topP: try mapping.optional("topP")?.number(in: 0...1),
      maxTokens: try mapping.optional("maxTokens")?.integer(in: 1...1_000_000),
      stop: try mapping.optional("stop")?.stopTexts(),
      n: try mapping.optional("n")?.integer(in: 1...128).moreThanOne)
    try mapping.finish()
    return sampling
  }
}

extension YAMLMapping {
  /// With a target as many prompts as documents unless it is said: an answer brings one, mostly.
  /// - Parameter several: so many prompts share a request.
  fileprivate mutating func count(with target: Recipe.Prompting.Target?, of several: Int) throws -> Int {
    if let target, optional("count") == nil { return (target.documents + several - 1) / several * several }
    let value = try required("count")
    let count = try value.integer(in: YAMLValue.countRange)
    guard count.isMultiple(of: several) else {
      throw value.place.error(
        "is \(count), no multiple of sampling.n \(several)", hint: "answers come \(several) at a time")
    }
    return count
  }
}

extension Int {
  /// One is what there is without a word.
  fileprivate var moreThanOne: Int? { self > 1 ? self : nil }
}
