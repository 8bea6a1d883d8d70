import Basics
import Intake
import Similarity

/// What thresholds of near duplicates mean for one's own texts: known edits are planted in copies of some of them, and
/// counted again.
public struct NearDuplicateTuning: Sendable {
  /// One line of the result.
  public struct Row: Codable, Hashable, Sendable {
    public var threshold: Double
    /// The share of planted copies that were joined with their originals, by kind of edit.
    public var found: [String: Double]
    /// Of the texts themselves, those that were joined with another: duplicates that are there, or different texts that
    /// look alike.
    public var ownTextCount: Int
    /// Two of them that are as little alike as any that were joined.
    public var example: [String]
  }

  public struct Report: Codable, Hashable, Sendable {
    public var schema = "alambic.tuning/1"
    public var textCount: Int
    public var rows: [Row]
    /// The largest threshold at which nearly all copies of every kind are found; nil where none does.
    public var threshold: Double?
  }

  /// What is done to a copy.
  enum Edit: String, CaseIterable {
    /// Of the words, one in twenty is another of the texts' words.
    case words = "5 % of the words"
    /// Of the letters, one in a hundred is missing or doubled.
    case typos = "1 % of the letters"
    case ending = "the last tenth"
    case form = "case and punctuation"
  }

  public static let thresholds = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9]
  /// What is called nearly all.
  public static let wanted = 0.985
  private static let copyCount = 500
  private let texts: [String]
  private let threadCount: Int

  /// - Parameter texts: distinct, in any order; some thousand are enough.
  public init(_ texts: [String], threadCount: Int) throws {
    guard texts.count >= 20 else {
      throw HintedError("\(texts.count) texts are too few to plant edits in", hint: "20 at least", status: .badData)
    }
    self.texts = texts
    self.threadCount = threadCount
  }

  public func report() async throws -> Report {
    var generator = SeededGenerator(seed: 1)
    let words = texts.flatMap { $0.split(separator: " ") }
    var copies: [(original: Int, edit: Edit, text: String)] = []
    for edit in Edit.allCases {
      for _ in 0..<min(Self.copyCount, texts.count) {
        let original = generator.below(texts.count)
        copies.append((original, edit, edit.applied(to: texts[original], words, &generator)))
      }
    }
    var rows: [Row] = []
    for threshold in Self.thresholds {
      let settings = try NearDuplicateSettings(threshold: threshold)
      let all = try await settings.sets(of: texts + copies.map(\.text), threadCount: threadCount)
      let own = try await settings.sets(of: texts, threadCount: threadCount)
      rows.append(row(threshold, all, own, copies))
    }
    let best = rows.last { row in row.found.values.allSatisfy { $0 >= Self.wanted } }
    return Report(textCount: texts.count, rows: rows, threshold: best?.threshold)
  }

  private func row(
    _ threshold: Double, _ all: DisjointSets, _ own: DisjointSets, _ copies: [(original: Int, edit: Edit, text: String)]
  ) -> Row {
    var found: [String: Double] = [:]
    for edit in Edit.allCases {
      let planted = copies.indices.filter { copies[$0].edit == edit }
      let hits = planted.count { all.root(of: texts.count + $0) == all.root(of: copies[$0].original) }
      found[edit.rawValue] = Double(hits) / Double(max(1, planted.count))
    }
    let sizes = Dictionary(grouping: texts.indices) { own.root(of: $0) }.filter { $0.value.count > 1 }
    return Row(
      threshold: threshold, found: found, ownTextCount: sizes.values.reduce(0) { $0 + $1.count },
      example: leastAlike(sizes.values.sorted { $0[0] < $1[0] }))
  }

  /// Neighbours in a set that hardly belong to it: each text's most similar other one, and of these pairs the least.
  private func leastAlike(_ sets: [[Int]]) -> [String] {
    var (least, pair, meter) = (2.0, [String](), JaccardMeter())
    for set in sets.prefix(200) {
      let members = set.prefix(20)
      for member in members {
        let others = members.filter { $0 != member }.map { ($0, meter.similarity(texts[member], texts[$0])) }
        guard let nearest = others.max(by: { $0.1 < $1.1 }), nearest.1 < least else { continue }
        (least, pair) = (nearest.1, [texts[member], texts[nearest.0]])
      }
    }
    return pair
  }
}

extension NearDuplicateTuning.Edit {
  func applied(to text: String, _ words: [Substring], _ generator: inout SeededGenerator) -> String {
    switch self {
    case .words:
      var parts = text.split(separator: " ", omittingEmptySubsequences: false)
      for _ in 0..<max(1, parts.count / 20) {
        parts[generator.below(parts.count)] = words[generator.below(words.count)]
      }
      return parts.joined(separator: " ")
    case .typos:
      var characters = Array(text)
      for _ in 0..<max(1, characters.count / 100) where !characters.isEmpty {
        let position = generator.below(characters.count)
        if generator.below(2) == 0 {
          characters.remove(at: position)
        } else {
          characters.insert(characters[position], at: position)
        }
      }
      return String(characters)
    case .ending: return String(text.prefix(max(1, text.count * 9 / 10)))
    case .form: return text.uppercased().filter { !$0.isPunctuation } + "!"
    }
  }
}

extension FileCuration {
  /// Distinct texts of the files, as curation would take them in, for `NearDuplicateTuning`.
  public func sample(count: Int = 5000) throws -> [String] {
    let maker = try DraftMaker(settings)
    var (texts, seen) = ([String](), Set<TextHash>())
    for path in settings.paths {
      let file = try InputFile(
        path, format: settings.format, separator: settings.separator, template: settings.template,
        columns: settings.columns)
      var taken = 0
      while taken < count / settings.paths.count, let block = try file.next() {
        let drafted = maker.drafts(of: file.parser.parse(block))
        for draft in drafted.drafts where draft.refusal == nil && taken < count / settings.paths.count {
          guard seen.insert(draft.hash).inserted else { continue }
          texts.append(String(decoding: drafted.arena[draft.text], as: UTF8.self))
          taken += 1
        }
      }
    }
    return texts
  }
}
