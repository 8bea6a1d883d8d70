import Basics

/// How deep a grammar's rules nest and how long what they say can become: both are bounded, since whoever derives,
/// matches or counts goes as deep as the rules, and sixty rules that each say the next one twice say 2^60 words.
struct GrammarSize {
  /// Levels of rules, the start rule being one.
  static let depthLimit = 100
  /// Bytes of the longest exchange.
  static let exchangeByteLimit = 1 << 16
  /// Bytes of the longest answer, which is `exchangesPerAnswer` exchanges.
  static let answerByteLimit = 1 << 22

  private struct Extent {
    var depth = 0
    var byteCount = 0
  }

  private let grammar: Grammar
  private var known: [String: Extent] = [:]
  private let slotByteCounts: [String: Int]

  /// - Throws: `HintedError` for what is beyond a limit, and for rules that lead back to themselves.
  static func check(_ grammar: Grammar, file: String) throws {
    var size = GrammarSize(grammar)
    // Every rule is visited, since one that nobody uses is looked for later, and by then has to end.
    for rule in [grammar.start] + grammar.rules.map(\.name) { _ = try size.visit(rule, path: [], file: file) }
    let longest = size.known[grammar.start]?.byteCount ?? 0
    guard longest <= exchangeByteLimit else {
      throw HintedError(
        "\(file) can say an exchange of \(longest == .max ? "2^63" : "\(longest)") bytes, more than "
          + "\(exchangeByteLimit)", hint: "let rules refer to each other less often")
    }
    guard longest * grammar.exchangesPerAnswer <= answerByteLimit else {
      throw HintedError(
        "\(file) can say an answer of \(longest * grammar.exchangesPerAnswer) bytes, more than \(answerByteLimit)",
        hint: "lower exchangesPerAnswer")
    }
  }

  private init(_ grammar: Grammar) {
    self.grammar = grammar
    let own = Dictionary(
      grammar.slots.map { slot in (slot.name, (slot.values + slot.heldOut).map(\.utf8.count).max() ?? 0) }
    ) { first, _ in first }
    var counts = own
    for (slot, other) in grammar.rules.flatMap(\.alternatives).flatMap({ Array($0.instead) }) {
      counts[slot] = max(counts[slot] ?? 0, own[other] ?? 0)
    }
    slotByteCounts = counts
  }

  private mutating func visit(_ name: String, path: [String], file: String) throws -> Extent {
    if let first = path.firstIndex(of: name) {
      let cycle = (path[first...] + [name]).joined(separator: " -> ")
      throw HintedError(
        "\(file) has a rule that leads back to itself: \(cycle)", hint: "write the repetitions out")
    }
    if let extent = known[name] { return extent }
    guard path.count < Self.depthLimit else { throw tooDeep(path[0], file) }
    var extent = Extent()
    for alternative in grammar.alternatives(of: name) {
      var byteCount = 0
      for piece in alternative.pieces {
        switch piece {
        case .text(let text): byteCount = byteCount.saturating(text.utf8.count)
        case .slot(let slot, _): byteCount = byteCount.saturating(slotByteCounts[slot] ?? 0)
        case .rule(let rule):
          let part = try visit(rule, path: path + [name], file: file)
          byteCount = byteCount.saturating(part.byteCount)
          extent.depth = max(extent.depth, part.depth)
        }
      }
      extent.byteCount = max(extent.byteCount, byteCount)
    }
    extent.depth += 1
    guard extent.depth <= Self.depthLimit else { throw tooDeep(name, file) }
    known[name] = extent
    return extent
  }

  private func tooDeep(_ rule: String, _ file: String) -> HintedError {
    HintedError(
      "\(file) nests rules more than \(Self.depthLimit) deep below '\(rule)'",
      hint: "write some of them into the rules that use them")
  }
}

extension Int {
  fileprivate func saturating(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
