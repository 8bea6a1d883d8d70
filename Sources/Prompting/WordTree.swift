import Basics
import Lineage

/// One list and those that depend on it: all ways to take a word of each, numbered.
///
/// Where nothing is weighted and nothing depends, the number is the word's place in the list.
struct WordTree: Sendable {
  /// A word, and what goes with it.
  private struct Option: Sendable {
    var word: PromptWord
    /// How often each way comes, as small a whole number as the weights of the list allow.
    var copyCount: UInt64
    var children: [WordTree]
    /// Ways before this word's.
    var start: UInt64
  }

  /// What a number stands for.
  struct Choice {
    var words: [String: PromptWord] = [:]
    /// Which of the equal ways it is, from 0: equal prompts differ in their sampling seed.
    var copy: UInt64 = 0
  }

  static let countLimit: UInt64 = 1 << 62

  let count: UInt64
  private let name: String
  /// Where nothing is weighted and nothing depends: the list itself, which all templates share.
  private let words: [PromptWord]
  /// Everywhere else.
  private let options: [Option]

  /// - Parameters:
  ///   - names: the lists that the template takes; those that depend on this one become part of it.
  ///   - parent: the word that this list's words depend on.
  /// - Throws: `HintedError` for a list that has no words.
  init(_ name: String, beside parent: String? = nil, names: [String], lists: [String: PromptList]) throws {
    let words = lists[name]?.words(beside: parent) ?? []
    guard !words.isEmpty else {
      throw HintedError(
        "the list '\(name)' has no words\(parent.map { " for '\($0)'" } ?? "")", hint: "give it some, or `otherwise`")
    }
    let childNames = names.filter { lists[$0]?.parent == name }
    guard !childNames.isEmpty || words.contains(where: { $0.weight != words[0].weight }) else {
      (self.name, self.words, options, count) = (name, words, [], UInt64(words.count))
      return
    }
    let divisor = words.reduce(0) { Self.greatestCommonDivisor($0, $1.weight) }
    var start: UInt64 = 0
    var options: [Option] = []
    options.reserveCapacity(words.count)
    for word in words {
      let children = try childNames.map { try WordTree($0, beside: word.text, names: names, lists: lists) }
      let copyCount = UInt64(max(1, word.weight / max(1, divisor)))
      options.append(Option(word: word, copyCount: copyCount, children: children, start: start))
      let ways = children.reduce(copyCount) { Self.product($0, $1.count) }
      start = min(start &+ ways, Self.countLimit)
    }
    (self.name, self.words, self.options, count) = (name, [], options, start)
  }

  /// - Parameter number: below `count`.
  func take(_ number: UInt64, into choice: inout Choice) {
    guard words.isEmpty else {
      choice.words[name] = words[Int(number)]
      return
    }
    let option = options[place(of: number)]
    choice.words[name] = option.word
    var (rest, copy) = (number - option.start).quotientAndRemainder(dividingBy: option.copyCount)
    choice.copy = choice.copy &* option.copyCount &+ copy
    for child in option.children {
      (rest, copy) = rest.quotientAndRemainder(dividingBy: child.count)
      child.take(copy, into: &choice)
    }
  }

  /// The last option that starts at or before a number.
  private func place(of number: UInt64) -> Int {
    var (low, high) = (0, options.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if options[middle].start <= number { low = middle } else { high = middle }
    }
    return low
  }

  /// Beyond the limit, the tail is left out; no recipe gets that far.
  static func product(_ first: UInt64, _ second: UInt64) -> UInt64 {
    let (product, overflows) = first.multipliedReportingOverflow(by: second)
    return overflows ? countLimit : min(product, countLimit)
  }

  private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
    second == 0 ? first : greatestCommonDivisor(second, first % second)
  }
}
