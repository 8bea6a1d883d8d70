import ArgumentParser
import Basics
import Console
import Foundation
import Lineage
import Workbench

/// `alambic new`: a corpus's folder, from five answers or from a description.
struct NewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Make a corpus: its recipe, word lists, datasheet and licences.",
    discussion: """
      Asks five questions at a terminal; each option answers one. With --describe, a teacher
      drafts the word lists: one request. Nothing that is there is ever touched.

      EXAMPLES
        alambic new kettle
        alambic new kettle --describe "a kettle that talks" --teacher openai
        alambic new faq --about "Our kettle." --teacher openai --passages manual.md
        alambic new kettle --about "What guests ask a kettle." --teacher openai \\
          --topics "boiling water, keeping warm, limescale"
      """.paragraphs)

  @Argument(help: ArgumentHelp("The corpus: \(Recipe.nameRule).", valueName: "name"))
  var name: String
  @OptionGroup var answers: NewCorpusOptions
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let folders = try ProjectFolders.locate()
    try NewCorpus(in: folders).check(name: name)
    if let passages = answers.passages { _ = try NewCorpus(in: folders).checked(manual: .init(path: passages)) }
    if let teacher = answers.teacher { _ = try TeacherAccess(named: teacher, in: folders) }
    let draft =
      if let description = answers.description { try await described(description, folders) } else { try asked(folders) }
    try show(
      try NewCorpus(in: folders).make(draft), of: draft, try TeacherAccess(named: draft.teacher, in: folders).profile)
  }

  /// The lists are a teacher's.
  private func described(_ description: String, _ folders: ProjectFolders) async throws -> CorpusDraft {
    guard let teacher = answers.teacher else {
      throw HintedError(
        "--describe needs a teacher that drafts the lists",
        hint: "add --teacher NAME; `alambic teacher list` names them",
        status: .usage)
    }
    let kind = answers.kind ?? .dialogue
    var draft = CorpusDraft(
      name: name, about: try answers.checked("--describe", description, CorpusDraft.sentence), kind: kind,
      teacher: teacher, words: [:])
    try answers.complete(&draft)
    let lists = try await Workbench(workspace: common.place, folders: folders).draftLists(
      about: draft.about, kind: kind, teacher: teacher, seed: draft.seed, spendMaximum: answers.spendMax)
    let dropped = lists.droppedCount == 0 ? "" : ", \(lists.droppedCount) entries left out"
    common.printer.say("\(teacher) drafted the lists · \(ReadableUnits.dollars(lists.cost))\(dropped)")
    draft.words = lists.words
    return draft
  }

  /// The lists are the person's.
  private func asked(_ folders: ProjectFolders) throws -> CorpusDraft {
    var given = try NewCorpusAnswers(answers, folders)
    if !given.isComplete, let interview = Interview() {
      defer { interview.end() }
      interview.say("A new corpus: \(name). Enter takes what stands in brackets; Ctrl-C leaves, and nothing is made.\n")
      try given.ask(interview)
    }
    var draft = try given.draft(name: name)
    try answers.complete(&draft)
    return draft
  }
}

/// What `new` takes on its line.
struct NewCorpusOptions: ParsableArguments {
  @Option(help: ArgumentHelp("What it is, in a sentence.", valueName: "text"))
  var about: String?
  @Option(
    name: .customLong("describe"),
    help: ArgumentHelp("What it is; the teacher drafts the word lists from it.", valueName: "text"))
  var description: String?
  @Option(help: "dialogue (request and reply) or text (stories, sentences).")
  var kind: CorpusDraft.Kind?
  @Option(help: ArgumentHelp("The profile of the teacher that writes it.", valueName: "name"))
  var teacher: String?
  @Option(help: ArgumentHelp("What it is about, between commas.", valueName: "words"))
  var topics: String?
  @Option(help: ArgumentHelp("Of a dialogue: who speaks to it, between commas.", valueName: "words"))
  var people: String?
  @Option(help: ArgumentHelp("Of a text: which kinds of it, between commas.", valueName: "words"))
  var forms: String?
  @Option(
    help: ArgumentHelp("A manual or FAQ of yours: .txt, .md, .jsonl, .csv or .tsv.", valueName: "file"),
    completion: .file())
  var passages: String?
  @Option(help: ArgumentHelp("With --passages: which member or column holds the text.", valueName: "name"))
  var field: String?
  @Option(help: ArgumentHelp("How many prompts to make.", valueName: "number"))
  var count: Int = CorpusDraft.usualPromptCount
  @Option(help: ArgumentHelp("Where its randomness starts; another one drafts anew.", valueName: "number"))
  var seed: UInt64 = 1
  @Option(help: ArgumentHelp("What it is shipped under (default: what the teacher's profile says).", valueName: "SPDX"))
  var license: String?
  @Option(help: ArgumentHelp("Do not draft if that could cost more.", valueName: "dollars"))
  var spendMax: Double?

  func validate() throws {
    guard (1...10_000_000).contains(count) else { throw ValidationError("--count is \(count), outside 1…10000000") }
    try Spending.check(spendMax)
    guard description == nil || (about ?? topics ?? people ?? forms) == nil else {
      throw ValidationError("--describe lets the teacher write what --about, --topics, --people and --forms say")
    }
    guard field == nil || passages != nil else { throw ValidationError("--field is for the file of --passages") }
    guard forms == nil || kind != .dialogue else {
      throw ValidationError("--forms are a text's; a dialogue has --people")
    }
    guard people == nil || kind != .text else { throw ValidationError("--people are a dialogue's; a text has --forms") }
    guard forms == nil || people == nil else { throw ValidationError("a corpus has --people or --forms, not both") }
  }

  /// What no question is about.
  func complete(_ draft: inout CorpusDraft) throws {
    draft.promptCount = count
    draft.seed = seed
    draft.manual = passages.map { CorpusDraft.Manual(path: $0, field: field) }
    draft.license = try license.map { try checked("--license", $0, CorpusDraft.sentence) }
  }

  /// - Throws: what `check` throws, with the option's name.
  func checked<Value>(_ option: String, _ text: String, _ check: (String) throws -> Value) throws -> Value {
    do {
      return try check(text)
    } catch let error as HintedError {
      throw HintedError("\(option): \(error.message)", hint: error.hint, status: error.status)
    }
  }
}

extension CorpusDraft.Kind: ExpressibleByArgument {}

// MARK: - What a person sees of it

extension NewCommand {
  private struct Answer: Encodable {
    var schema = "alambic.new/1"
    var corpus: String
    var folder: String
    var files: [String]
    var teacher: String
    var promptCount: Int
    /// The first ones.
    var prompts: [[Message]]
  }

  private func show(_ made: NewCorpus.Made, of draft: CorpusDraft, _ profile: TeacherProfile) throws {
    if common.json {
      let answer = Answer(
        corpus: draft.name, folder: made.folder, files: made.files, teacher: draft.teacher,
        promptCount: made.promptCount, prompts: made.prompts.map(\.messages))
      return try Output.json(answer)
    }
    Output.text("made \(made.folder)\n  \(made.files.joined(separator: ", "))\n")
    Output.text("The first \(made.prompts.count) of \(ReadableUnits.count(made.promptCount)) prompts:")
    if let system = made.prompts.first?.messages.first(where: { $0.role == .system }) {
      Output.text("  [system] \(system.content)")
    }
    for prompt in made.prompts {
      let lines = (prompt.messages.last?.content ?? "").replacing("\n", with: "\n         ")
      Output.text("  [user] \(lines)")
    }
    Output.text("\nnext: alambic ask \(draft.name) --dry-run")
    if profile.dialect == .scripted {
      Output.text("\(profile.name) is a grammar: it rehearses the way, and answers as \(profile.name) does")
    } else if !KeyState(profile).isReady, let variable = profile.keyVariable {
      Output.text("before it asks: export \(variable)=…")
    }
  }
}
