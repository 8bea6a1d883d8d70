import Lineage
import Vocabularies

/// A text in a model's tokens, and how many bytes of it each token stands for.
struct TokenizedText {
  let tokens: [UInt8]
  /// By token.
  let byteCounts: [Int]
  let unknownByteCount: Int
  let unit: TextEvaluation.Unit

  init(_ text: [UInt8], _ vocabulary: Vocabulary) {
    let tokens = vocabulary.encode(text)
    self.tokens = tokens
    byteCounts = vocabulary.tokenByteCounts
    unknownByteCount = vocabulary.unknownToken.map { unknown in tokens.count { $0 == unknown } } ?? 0
    unit = vocabulary.isIdentity ? .bytes : .tokens
  }
}
