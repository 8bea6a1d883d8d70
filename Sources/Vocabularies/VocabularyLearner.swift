import Basics
import Lineage

/// Learns a vocabulary from texts: gives the byte values that they never use to strings that they use often.
///
/// Byte-pair merges propose twice as many strings as there is room for; of these stay the ones that save the most
/// tokens under greedy longest match, which is how texts are encoded. Equal texts and counts give equal vocabularies,
/// in whatever order they come.
public struct VocabularyLearner: Sendable {
  /// Merges for each string that there is room for: chosen on two corpora (notebooks/LOG.md).
  static let proposalFactor = 2

  private var pieces: PieceTable
  private let marks: [String]
  private let stringLimit: Int
  private let reserved: Set<UInt8>

  /// - Parameters:
  ///   - marks: texts whose bytes, except spaces, are in no string: "> " and "< " keep both signs single.
  ///   - stringLimit: at most so many strings; nil for as many as byte values are free.
  ///   - reserved: byte values that stay bytes, though no text uses them.
  public init(marks: [String], stringLimit: Int? = nil, reserved: Set<UInt8> = []) {
    self.marks = marks
    self.reserved = reserved
    self.stringLimit = stringLimit ?? .max
    pieces = PieceTable(marks: marks)
  }

  /// Counts a text.
  /// - Parameter count: how often it was said; 0 and less count nothing.
  public mutating func add(document: [UInt8], count: Int = 1) {
    guard count > 0 else { return }
    pieces.add(document, count: count)
  }

  /// The vocabulary of all texts so far.
  /// - Throws: `HintedError` only for a fault of this program.
  public func learned() throws -> Vocabulary {
    let free = freeTokens()
    guard let unknownToken = free.first else { return .bytes }
    let strings = chosenStrings(count: min(free.count - 1, stringLimit))
    guard !strings.isEmpty else { return .bytes }
    let tokens = free.dropFirst().prefix(strings.count).sorted()
    return try Vocabulary(
      strings: Dictionary(uniqueKeysWithValues: zip(tokens, strings)), unknownToken: unknownToken)
  }

  /// The vocabulary of a sequence of texts, beside those that were added.
  public func learn(from documents: some Sequence<[UInt8]>) throws -> Vocabulary {
    var learner = self
    for document in documents { learner.add(document: document) }
    return try learner.learned()
  }

  private func chosenStrings(count: Int) -> [[UInt8]] {
    guard count > 0 else { return [] }
    var merger = PairMerger(pieces, longestByteCount: Vocabulary.longestTokenByteCount)
    let proposals = merger.merge(Self.proposalFactor * count)
    var pruner = StringPruner(pieces, strings: proposals)
    return pruner.prune(to: count, byteLimit: Vocabulary.entryByteLimit - 1)
  }

  /// The byte values that may be given away, those first that a person is least likely to type: where there are fewer
  /// strings than values, the rest stay bytes.
  private func freeTokens() -> [UInt8] {
    let unlikely = (0x80...0xFF).reversed() + [0x7F] + (1..<0x20).reversed() + (0x20..<0x7F).reversed()
    return unlikely.map { UInt8($0) }.filter { byte in
      !pieces.isUsed[Int(byte)] && !reserved.contains(byte) && !Vocabulary.alwaysBytes.contains(byte) && !isMarked(byte)
    }
  }

  private func isMarked(_ byte: UInt8) -> Bool { marks.contains { $0.utf8.contains(byte) } }
}
