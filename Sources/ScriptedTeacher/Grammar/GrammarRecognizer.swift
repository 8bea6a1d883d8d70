/// Says whether a grammar could have said a text: what share of a student's lines is well formed.
///
/// It knows the phrasings and values that are held out, too. Noise it does not know.
public struct GrammarRecognizer: Sendable {
  private let grammar: CompiledGrammar

  /// - Parameter grammar: its line ends stand in the start rule's own alternatives, as docs/formats/grammar.md asks.
  public init(grammar: Grammar) { self.init(grammar: grammar, knowing: .all) }

  /// - Parameter parts: the held-out parts that count as the grammar's language.
  /// - Parameter parts: what it knows of what the grammar holds out; nothing for what the teacher itself says.
  public init(grammar: Grammar, knowing parts: HeldOutParts) { self.grammar = CompiledGrammar(grammar.saying(parts)) }

  /// Whether a whole exchange, both lines with agreeing slots, can be derived.
  public func accepts(exchange text: String) -> Bool {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf8) }
    return grammar.starts.contains { $0.lines.count == lines.count && accepts(lines[...], below: $0, values: nil) }
  }

  /// Whether some exchange begins with this line.
  public func accepts(utteranceLine line: String) -> Bool { accepts(line) { $0.prefix(1) } }

  /// Whether some exchange has this line below its first.
  public func accepts(replyLine line: String) -> Bool { accepts(line) { $0.dropFirst() } }

  private func accepts(
    _ line: String, among lines: ([[CompiledGrammar.Piece]]) -> ArraySlice<[CompiledGrammar.Piece]>
  ) -> Bool {
    let text = Array(line.utf8)
    return grammar.starts.contains { start in
      lines(start.lines).contains { pieces in
        var matcher = GrammarMatcher(grammar, below: start, text: text, isFirstEnough: true)
        return !matcher.run(pieces).isEmpty
      }
    }
  }

  /// Matches lines one after the other, each with the slot values of those above it.
  private func accepts(_ lines: ArraySlice<[UInt8]>, below start: CompiledGrammar.Start, values: [Int]?) -> Bool {
    guard let line = lines.first else { return true }
    var matcher = GrammarMatcher(grammar, below: start, text: line, values: values, isFirstEnough: lines.count == 1)
    return matcher.run(start.lines[start.lines.count - lines.count]).contains { derivation in
      accepts(lines.dropFirst(), below: start, values: derivation.values)
    }
  }
}
