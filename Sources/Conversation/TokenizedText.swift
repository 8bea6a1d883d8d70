import Lineage

/// A text in a model's tokens, and how many bytes of it each token stands for.
struct TokenizedText {
  let tokens: [UInt8]
  /// By token; nil where tokens are bytes.
  let byteCounts: [Int]?
  let unknownByteCount: Int
  let unit: TextEvaluation.Unit

  init(_ text: [UInt8], _ vocabulary: Vocabulary) {
    tokens = text
    byteCounts = nil
    unknownByteCount = 0
    unit = vocabulary.isIdentity ? .bytes : .tokens
  }
}
