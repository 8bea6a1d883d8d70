import Basics
import Lineage

/// Which texts are refused for what they say, whatever else is right with them.
public struct TextFilters: Hashable, Sendable {
  /// Regular expressions, one of which must be found; none for any text.
  public var accept: [String] = []
  /// Regular expressions, none of which may be found.
  public var reject: [String] = []
  /// Literal words or phrases that no text may hold, in any case.
  public var blocklist: [String] = []
  /// Refuses what assistants say around an answer.
  public var refusesChatter = false
  /// Refuses texts that say the same again and again.
  public var refusesRepetition = false
  /// Refuses e-mail addresses, telephone and card numbers, keys.
  public var refusesPersonalData = false
  /// Scripts that a text's letters are of, but for a tenth; none for any.
  public var scripts: [Recipe.Script] = []

  public init() {}

  public var isEmpty: Bool { self == TextFilters() }
}

extension TextFilters: CustomStringConvertible {
  /// All of it, in canonical order: equal for equal filters, and for no others.
  public var description: String {
    "accept \(accept) reject \(reject) blocklist \(blocklist) chatter \(refusesChatter) "
      + "repetition \(refusesRepetition) personal-data \(refusesPersonalData)"
      // Not said where it is as it always was.
      + (scripts.isEmpty ? "" : " scripts \(scripts.map(\.rawValue))")
  }
}

/// Filters with their expressions compiled; each thread has its own.
struct CompiledFilters {
  private let filters: TextFilters
  private let accept: [Regex<AnyRegexOutput>]
  private let reject: [Regex<AnyRegexOutput>]
  private let blocklist: [String]

  /// - Throws: `HintedError` for what is no regular expression.
  init(_ filters: TextFilters) throws {
    self.filters = filters
    accept = try filters.accept.map(Self.compiled)
    reject = try filters.reject.map(Self.compiled)
    blocklist = filters.blocklist.map { $0.lowercased() }
  }

  var isEmpty: Bool { filters.isEmpty }

  private static func compiled(_ pattern: String) throws -> Regex<AnyRegexOutput> {
    do {
      return try Regex(pattern).anchorsMatchLineEndings()
    } catch {
      throw HintedError("'\(pattern)' is not a regular expression: \(error)", status: .usage)
    }
  }

  /// The first reason to refuse a text.
  func refusal(of text: String) -> Refusal? {
    if !accept.isEmpty, !accept.contains(where: { text.firstMatch(of: $0) != nil }) {
      return Refusal(.notAccepted, "none of the patterns to accept is in it")
    }
    for (pattern, source) in zip(reject, filters.reject) {
      if let match = text.firstMatch(of: pattern) {
        return Refusal(.pattern, "'\(source)' is in it: \(text[match.range].prefix(80))")
      }
    }
    return refusalOfBlockedWords(in: text)
      ?? (filters.scripts.isEmpty ? nil : ScriptFilter.refusal(of: text, allowed: filters.scripts))
      ?? (filters.refusesChatter ? Chatter.refusal(of: text) : nil)
      ?? (filters.refusesRepetition ? Repetition.refusal(of: text) : nil)
      ?? (filters.refusesPersonalData ? PersonalData.refusal(of: text) : nil)
  }

  private func refusalOfBlockedWords(in text: String) -> Refusal? {
    guard !blocklist.isEmpty else { return nil }
    let lower = text.lowercased()
    return blocklist.first { word in
      lower.ranges(of: word).contains { range in
        let before = range.lowerBound > lower.startIndex ? lower[lower.index(before: range.lowerBound)] : " "
        let after = range.upperBound < lower.endIndex ? lower[range.upperBound] : " "
        return !(before.isLetter || before.isNumber || after.isLetter || after.isNumber)
      }
    }.map { Refusal(.blocked, "'\($0)' is in it") }
  }
}
