import Basics
import Foundation
import Lineage

/// Reads `recipe.yaml` as docs/formats/recipe.md describes it, and checks all of it before anything runs.
public enum RecipeFile {
  /// A recipe and the words that its lists name.
  public struct Loaded: Sendable {
    public var recipe: Recipe
    /// What each list gives to prompts, wherever it stood.
    public var lists: [String: PromptList]
    /// What answers in JSON must be; nil where they are texts.
    public var format: AnswerFormat?
    /// Requests to be refused, of the recipe's `task`.
    public var refusalRequests: [QuestionSet: [String]]
    /// The file's own bytes: a bundle carries them.
    public var text: String
  }

  /// Reads a recipe and its word lists.
  /// - Parameter path: the file; lists are relative to its folder.
  /// - Throws: `HintedError` with file, key and line, for anything that is missing, unknown, mistyped or out of range.
  public static func read(_ path: String) throws -> Loaded {
    let text = try YAMLText.read(path)
    let recipe = try parse(text, name: path)
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let lists = try WordListFile.lists(of: recipe, folder: folder)
    let requests = try WordListFile.refusalRequests(of: recipe, folder: folder)
    let format = try recipe.prompting?.json.map { try AnswerFormat($0, folder: folder) }
    return Loaded(recipe: recipe, lists: lists, format: format, refusalRequests: requests, text: text)
  }

  /// Parses a recipe's text without looking at the files it names.
  /// - Parameters:
  ///   - text: the file's.
  ///   - name: the file's path, for messages.
  public static func parse(_ text: String, name: String) throws -> Recipe {
    var top = try YAMLText.mapping(text, name: name)
    try top.checkSchema(Recipe.schema)
    let teachers = try top.optional("teacher")?.teachers()
    let source = try top.optional("source")?.source()
    let usual = source == nil ? Recipe.Curation.ofAnswers : Recipe.Curation()
    let recipe = Recipe(
      name: try top.name(), description: try top.required("description").text(),
      seed: try top.optional("seed")?.seed() ?? 0, teacher: teachers?.first?.word,
      teachers: teachers.flatMap { $0.count > 1 ? $0 : nil },
      prompting: try top.optional("prompting")?.prompting(), source: source,
      curation: try top.optional("curation")?.curation(usual) ?? usual,
      sharding: try top.optional("sharding")?.sharding() ?? Recipe.Sharding(),
      task: try top.optional("task")?.task() ?? Recipe.Task(),
      training: try top.optional("training")?.training() ?? Recipe.Training(),
      verification: try top.optional("verification")?.verification() ?? Recipe.Verification(),
      shipping: try top.required("shipping").shipping(), judge: try top.optional("judge")?.judge(),
      rewrite: try top.optional("rewrite")?.rewrite())
    try top.finish()
    try checkOrigin(of: recipe, at: top.place)
    if recipe.teachers != nil, recipe.prompting?.lists[PromptLabel.teacher] != nil {
      throw top.place.error("has several teachers and a list 'teacher'", hint: "give the list another name")
    }
    try checkSlots(of: recipe, at: top.place)
    try checkSplit(of: recipe, at: top.place)
    try checkNoise(of: recipe.training, reply: recipe.task.reply, at: top.place)
    return recipe
  }

  /// Only what stands before a reply is mistyped, and only whole documents have a reply.
  private static func checkNoise(of training: Recipe.Training, reply: ReplyBoundary?, at place: YAMLPlace) throws {
    guard !training.noise.isSilent else { return }
    guard reply != nil else {
      throw place.error(
        "has training.noise, but lacks the key 'task.reply'", hint: "say where a document's reply begins")
    }
    guard training.windows == .documents else {
      throw place.error("has training.noise, which needs `training.windows: documents`")
    }
  }

  /// A corpus has one origin: a teacher that is asked, or a text that is fetched.
  private static func checkOrigin(of recipe: Recipe, at place: YAMLPlace) throws {
    switch (recipe.teacher, recipe.prompting, recipe.source) {
    case (.some, .some, nil), (nil, nil, .some): return
    case (_, _, .some):
      throw place.error("has a source and also asks a teacher", hint: "keep `source`, or `teacher` with `prompting`")
    case (nil, .some, nil): throw place.error("has prompts, but lacks the key 'teacher'")
    case (.some, nil, nil): throw place.error("names a teacher, but lacks the key 'prompting'")
    case (nil, nil, nil):
      throw place.error("says nothing about where texts come from", hint: "add `teacher` and `prompting`, or `source`")
    }
  }
}

extension YAMLMapping {
  mutating func checkSchema(_ expected: String) throws {
    let value = try required("schema")
    let found = try value.text()
    guard found == expected else {
      throw value.place.error("is '\(found)', but this version reads \(expected)")
    }
  }

  /// A name that is also a folder's: lower-case letters, digits and `-`.
  mutating func name() throws -> String {
    let value = try required("name")
    let name = try value.text()
    guard Recipe.isName(name) else { throw value.place.error("is '\(name)'", hint: Recipe.nameRule) }
    return name
  }
}
