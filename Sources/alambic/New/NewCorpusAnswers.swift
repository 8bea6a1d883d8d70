import Basics
import Foundation
import Lineage
import Workbench

/// The answers to the five questions of `alambic new`, from its line or from a person.
struct NewCorpusAnswers {
  private let folders: ProjectFolders
  private var about: String?
  private var kind: CorpusDraft.Kind?
  private var teacher: String?
  private var topics: [String]?
  /// Whether there is a file to be asked about instead of topics.
  private let hasManual: Bool
  /// Who speaks in a dialogue, or which kinds of text there are.
  private var voices: [String]?

  /// - Throws: `HintedError` for an option that cannot be followed, with its name.
  init(_ options: NewCorpusOptions, _ folders: ProjectFolders) throws {
    self.folders = folders
    kind = options.kind ?? (options.forms == nil ? options.people == nil ? nil : .dialogue : .text)
    about = try options.about.map { try options.checked("--about", $0, CorpusDraft.sentence) }
    teacher = options.teacher
    hasManual = options.passages != nil
    let lists = (kind ?? .dialogue).lists
    topics = try options.topics.map { text in
      try options.checked("--topics", text) { try CorpusDraft.words($0, for: lists[0]) }
    }
    voices = try (options.people ?? options.forms).map { text in
      try options.checked(options.people == nil ? "--forms" : "--people", text) {
        try CorpusDraft.words($0, for: lists[1])
      }
    }
  }

  /// Whether the questions without a usual answer have theirs: then a script is not asked the others.
  var isComplete: Bool { about != nil && teacher != nil && (topics != nil || hasManual) }

  /// Asks what is not answered yet.
  mutating func ask(_ interview: Interview) throws {
    if about == nil {
      about = try interview.ask(
        "What is it, in a sentence?", note: "   such as: What guests ask a kettle, and what it answers in one line.",
        accept: CorpusDraft.sentence)
    }
    if kind == nil {
      kind = try interview.ask(
        "dialogue (a request and its reply) or text (stories, sentences)?", usual: CorpusDraft.Kind.dialogue.rawValue,
        accept: Self.kind)
    }
    if teacher == nil { teacher = try askTeacher(interview) }
    let lists = (kind ?? .dialogue).lists
    if topics == nil, !hasManual {
      topics = try interview.ask(
        "What is it about? \(lists[0].minimumCount) or more, between commas",
        note: "   such as: boiling water, keeping it warm, limescale; more make answers differ more",
        accept: { try CorpusDraft.words($0, for: lists[0]) })
    }
    if voices == nil {
      voices = try interview.ask(
        kind == .text ? "Which kinds of text?" : "Who types to it?", usual: lists[1].usual.joined(separator: ", "),
        accept: { try CorpusDraft.words($0, for: lists[1]) })
    }
  }

  private func askTeacher(_ interview: Interview) throws -> String {
    let profiles = try TeacherAccess.names(in: folders).map { try TeacherAccess(named: $0, in: folders).profile }
    let width = profiles.map(\.name.count).max() ?? 0
    let note = profiles.map { profile in
      let what = profile.dialect == .scripted ? "a grammar, to rehearse with" : profile.model
      let key = profile.keyVariable == nil ? "" : ", \(KeyState(profile).text)"
      return "   \(profile.name.padding(toLength: width, withPad: " ", startingAt: 0))  \(what)\(key)"
    }.joined(separator: "\n")
    let projectFolders = folders
    let ready = profiles.first { $0.keyVariable != nil && KeyState($0).isReady }
    let scripted = profiles.filter { $0.dialect == .scripted }
    // The demo's writes a dialogue; others' replies may be labels.
    let usual = ready ?? scripted.first { $0.name == "thermostat" } ?? scripted.first
    return try interview.ask("Which teacher writes it?", note: note, usual: usual?.name) { name in
      guard !name.isEmpty else { throw HintedError("there has to be one") }
      return try TeacherAccess(named: name, in: projectFolders).profile.name
    }
  }

  private static func kind(_ text: String) throws -> CorpusDraft.Kind {
    let names = CorpusDraft.Kind.allCases.map(\.rawValue)
    let found = CorpusDraft.Kind.allCases.filter { $0.rawValue.hasPrefix(text.lowercased()) }
    guard !text.isEmpty, found.count == 1 else {
      throw HintedError("'\(text)' is neither", hint: "write \(names.joined(separator: " or "))")
    }
    return found[0]
  }

  /// - Throws: `HintedError` that names the options which are missing.
  func draft(name: String) throws -> CorpusDraft {
    guard let about, let teacher, topics != nil || hasManual else {
      let missing = [
        ("--about", about == nil), ("--teacher", teacher == nil), ("--topics", topics == nil && !hasManual),
      ]
      .filter(\.1).map(\.0).joined(separator: ", ")
      throw HintedError(
        "`new` asks its questions at a terminal, and this is not a terminal; missing: \(missing)",
        hint: "give those, and --kind, --people or --forms where the usual will not do; or --describe and --teacher, "
          + "and the teacher drafts the lists", status: .usage)
    }
    let kind = kind ?? .dialogue
    let lists = kind.lists
    var words = Dictionary(uniqueKeysWithValues: lists.map { ($0.name, $0.usual) })
    words[lists[0].name] = topics
    if let voices { words[lists[1].name] = voices }
    return CorpusDraft(name: name, about: about, kind: kind, teacher: teacher, words: words)
  }
}
