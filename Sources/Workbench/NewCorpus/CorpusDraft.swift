import Basics
import Lineage

/// What a new corpus is to be: all that its files are made of.
public struct CorpusDraft: Hashable, Sendable {
  /// What a document is.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// A request and its reply, a line each.
    case dialogue
    /// A few sentences.
    case text
  }

  public var name: String
  /// One sentence.
  public var about: String
  public var kind: Kind
  /// A profile's name.
  public var teacher: String
  /// The words of each of the kind's lists, by its name.
  public var words: [String: [String]]
  public var promptCount: Int
  public var seed: UInt64
  /// SPDX expression of what is shipped; nil where the teacher's profile decides.
  public var license: String?
  /// A file of the author's own that prompts are grounded in; nil for none.
  public var manual: Manual?

  /// A file that is copied into the corpus, and cut into passages.
  public struct Manual: Hashable, Sendable {
    public var path: String
    /// Which member or column holds the text, where the file has such.
    public var field: String?

    public init(path: String, field: String? = nil) {
      self.path = path
      self.field = field
    }
  }

  public static let usualPromptCount = 200

  public init(
    name: String, about: String, kind: Kind, teacher: String, words: [String: [String]],
    promptCount: Int = usualPromptCount, seed: UInt64 = 1, license: String? = nil, manual: Manual? = nil
  ) {
    self.name = name
    self.about = about
    self.kind = kind
    self.teacher = teacher
    self.words = words
    self.promptCount = promptCount
    self.seed = seed
    self.license = license
    self.manual = manual
  }

  /// The kind's lists that this corpus has: one about nothing but its manual has no topics.
  var lists: [List] { kind.lists.filter { words[$0.name] != nil } }
}

extension CorpusDraft {
  /// A word list that a kind of corpus asks for.
  public struct List: Hashable, Sendable {
    /// As templates name it.
    public var name: String
    /// The file's name, and the key in a teacher's draft.
    public var plural: String
    /// What its words are, for the file's first line.
    public var meaning: String
    /// So that a corpus begins with something; empty where only the author knows.
    public var usual: [String]
    /// What a teacher that drafts it is told.
    public var instruction: String
    /// Fewer make every prompt alike.
    public var minimumCount: Int
  }
}

extension CorpusDraft.Kind {
  /// What it is about comes first, then who speaks or what is told, then how.
  public var lists: [CorpusDraft.List] {
    switch self {
    case .dialogue:
      [
        CorpusDraft.List(
          name: "topic", plural: "topics", meaning: "what an exchange is about", usual: [],
          instruction: "thirty different things that such an exchange can be about, two to six words each",
          minimumCount: 3),
        CorpusDraft.List(
          name: "person", plural: "people", meaning: "who types",
          usual: ["a child", "a guest", "an older person", "somebody in a hurry", "somebody at home"],
          instruction: "eight kinds of people who would type to it, each with its article, such as \"a guest\"",
          minimumCount: 2),
        CorpusDraft.List(
          name: "manner", plural: "manners", meaning: "how it is typed",
          usual: ["politely", "in very few words", "in whole sentences", "in everyday words"],
          instruction: "six ways to type, as they would end a sentence, such as \"in very few words\"",
          minimumCount: 2),
      ]
    case .text:
      [
        CorpusDraft.List(
          name: "topic", plural: "topics", meaning: "what a text is about", usual: [],
          instruction: "forty different things that such a text can be about, two to six words each", minimumCount: 3),
        CorpusDraft.List(
          name: "form", plural: "forms", meaning: "what kind of text it is",
          usual: ["a very short story", "a small scene", "a description", "something that happened yesterday"],
          instruction: "six kinds of text, each with its article, such as \"a very short story\"", minimumCount: 2),
        CorpusDraft.List(
          name: "mood", plural: "moods", meaning: "how it is told",
          usual: ["cheerful", "calm", "curious", "a little sad", "funny"],
          instruction: "six moods of a text, an adjective each, such as \"cheerful\"", minimumCount: 2),
      ]
    }
  }

  /// What the templates ask for, how answers are cut and how a student learns from them.
  var shape: RecipeShape {
    switch self {
    case .dialogue: .dialogue
    case .text: .text
    }
  }
}

// MARK: - What a person may write

extension CorpusDraft {
  public static let aboutByteLimit = 1000
  public static let wordByteLimit = 120
  public static let wordLimit = 10_000

  /// A sentence on one line.
  /// - Throws: `HintedError` for one that is empty, too long or holds control characters.
  public static func sentence(_ text: String) throws -> String {
    let sentence = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !sentence.isEmpty else { throw HintedError("says nothing", hint: "write a sentence", status: .usage) }
    guard sentence.utf8.count <= aboutByteLimit else {
      throw HintedError(
        "has \(sentence.utf8.count) bytes, more than \(aboutByteLimit)", hint: "one or two sentences are enough",
        status: .usage)
    }
    guard !sentence.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw HintedError("holds a control character", status: .usage)
    }
    return sentence
  }

  /// Words and phrases between commas or line ends, each once.
  /// - Throws: `HintedError` for a word that no list can hold, or fewer than the list needs.
  public static func words(_ text: String, for list: List) throws -> [String] {
    let found = text.split { $0 == "," || $0.isNewline }.map {
      $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    return try checked(found.filter { !$0.isEmpty }, for: list)
  }

  static func checked(_ words: [String], for list: List) throws -> [String] {
    var seen: Set<String> = []
    let kept = words.filter { seen.insert($0.lowercased()).inserted }
    for word in kept {
      guard let fault = fault(ofWord: word) else { continue }
      throw HintedError(
        "'\(word.prefix(60))' \(fault)", hint: "\(list.plural) are words or short phrases", status: .usage)
    }
    guard kept.count >= list.minimumCount else {
      throw HintedError(
        "\(kept.count) \(list.plural) are too few",
        hint: "\(list.minimumCount) or more, between commas: \(list.meaning)",
        status: .usage)
    }
    guard kept.count <= wordLimit else {
      throw HintedError("\(kept.count) \(list.plural) are more than \(wordLimit)", status: .usage)
    }
    return kept
  }

  /// Why a word can stand in no list; nil where it can.
  static func fault(ofWord word: String) -> String? {
    if word.isEmpty { return "is empty" }
    if word.hasPrefix("#") { return "starts with '#', as comments of word files do" }
    if word.utf8.count > wordByteLimit { return "has more than \(wordByteLimit) bytes" }
    let isOdd = word.unicodeScalars.contains { $0.properties.generalCategory == .control || $0.value == 0xFFFD }
    return isOdd ? "holds a control character or a broken one" : nil
  }
}
