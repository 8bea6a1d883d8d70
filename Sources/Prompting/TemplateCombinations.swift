import Basics
import Lineage

/// All ways to fill one template, in a seeded order that repeats none before all have come, but for those that weights
/// ask for.
///
/// The order depends on the recipe's seed, the template's text and its lists, and on nothing else in the recipe; so an
/// edit elsewhere leaves these prompts, and the answers that were paid for, as they are.
struct TemplateCombinations: Sendable {
  let template: PromptTemplate
  /// Position in the recipe.
  let index: Int
  let count: UInt64
  /// Lists that depend on no other, with those that depend on them.
  private let trees: [WordTree]
  private let seed: UInt64

  /// - Throws: `HintedError` for a list that `lists` lacks or that is empty.
  init(_ template: PromptTemplate, index: Int, lists: [String: PromptList], seed: UInt64) throws {
    self.template = template
    self.index = index
    let names = template.listNames
    do {
      trees = try names.filter { lists[$0]?.parent.map { !names.contains($0) } ?? true }.map { name in
        try WordTree(name, names: names, lists: lists)
      }
    } catch let error as HintedError {
      throw HintedError("the template '\(template.source)': \(error.message)", hint: error.hint)
    }
    count = trees.reduce(1) { WordTree.product($0, $1.count) }
    let identity = ContentID(of: template.source).firstBits
    self.seed = SeededGenerator(seed: seed).stream(identity).state
  }

  /// The words of the combination at `position` of round `epoch`: each epoch goes through all of them.
  func choice(at position: UInt64, epoch: UInt64) -> WordTree.Choice {
    let order = Permutation(count: count, seed: SeededGenerator(seed: seed).stream(epoch).state)
    var rest = order[position]
    var choice = WordTree.Choice()
    for tree in trees {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: tree.count)
      tree.take(remainder, into: &choice)
      rest = quotient
    }
    return choice
  }
}
