import Basics
import Lineage

/// All ways to fill one template, in a seeded order that repeats none before all have come.
///
/// The order depends on the recipe's seed, the template's text and its lists, and on nothing else in the recipe; so an
/// edit elsewhere leaves these prompts, and the answers that were paid for, as they are.
struct TemplateCombinations: Sendable {
  let template: PromptTemplate
  /// Position in the recipe.
  let index: Int
  let count: UInt64
  private let lists: [(name: String, words: [PromptWord])]
  private let seed: UInt64

  /// - Throws: `HintedError` for a list that `lists` lacks or that is empty.
  init(_ template: PromptTemplate, index: Int, lists given: [String: PromptList], seed: UInt64) throws {
    self.template = template
    self.index = index
    lists = try template.listNames.map { name in
      guard let list = given[name], !list.words.isEmpty else {
        throw HintedError("the template '\(template.source)' uses {\(name)}, but that list has no words")
      }
      return (name, list.words)
    }
    count = Self.productLimitedTo62Bits(lists.map(\.words.count))
    let identity = ContentID(of: template.source).digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    self.seed = SeededGenerator(seed: seed).stream(identity).state
  }

  /// The words of the combination at `position` of round `epoch`: each epoch goes through all of them.
  func words(at position: UInt64, epoch: UInt64) -> [String: PromptWord] {
    let order = Permutation(count: count, seed: SeededGenerator(seed: seed).stream(epoch).state)
    var rest = order[position]
    var chosen: [String: PromptWord] = [:]
    for (name, words) in lists {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: UInt64(words.count))
      chosen[name] = words[Int(remainder)]
      rest = quotient
    }
    return chosen
  }

  /// Beyond 2^62 combinations, the last list's tail is left out of a round; no recipe gets that far.
  private static func productLimitedTo62Bits(_ counts: [Int]) -> UInt64 {
    let limit = UInt64(1) << 62
    return counts.reduce(1) { product, count in
      let (next, overflows) = product.multipliedReportingOverflow(by: UInt64(count))
      return overflows ? limit : min(next, limit)
    }
  }
}
