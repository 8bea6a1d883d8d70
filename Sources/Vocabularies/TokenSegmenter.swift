import Basics
import Lineage

/// Cuts what tokens stand for into tokens anew: from left to right, the longest string that fits, but at each place
/// each string is passed over with a probability. So a text is met in many segmentations, as BPE-dropout does it for
/// merges (Provilkov, Emelianenko and Voita, arXiv:1910.13267).
///
/// It works on tokens rather than on texts, since an unknown byte's value is lost in them, and stays unknown in every
/// segmentation. Owns its scratch; filling it allocates nothing once it is as long as it gets.
package struct TokenSegmenter {
  /// By token: the bytes that it stands for; of the unknown token its own number, which is no other token's byte.
  private let texts: [[UInt8]]
  private let strings: StringTrie
  private let stringTokens: [UInt8]
  private let probability: Double
  private var bytes: [UInt8] = []

  /// - Parameter probability: of passing a string over where it fits, 0…1; by 0 the plain segmentation comes out, by 1
  ///   every byte is a token.
  package init(_ vocabulary: Vocabulary, probability: Double) {
    texts = vocabulary.tokens.indices.map { vocabulary.tokens[$0].isEmpty ? [UInt8($0)] : vocabulary.tokens[$0] }
    stringTokens = vocabulary.stringTokens
    strings = StringTrie(stringTokens.map { vocabulary.tokens[Int($0)] })
    self.probability = probability
  }

  /// Makes room, so that no call of `append` allocates.
  /// - Parameter tokenLimit: as `append` is given it.
  package mutating func reserve(tokenLimit: Int) { bytes.reserveCapacity(Self.byteCount(ofTokens: tokenLimit)) }

  /// Appends another segmentation of what `tokens` stand for, from their first one on.
  /// - Parameters:
  ///   - limit: the most tokens to append; what is left is not read.
  ///   - random: one number a string that fits is taken from it.
  package mutating func append(
    _ tokens: ArraySlice<UInt8>, limit: Int = .max, random: inout SeededGenerator, to output: inout [UInt8]
  ) {
    spell(tokens, limit: limit)
    var (place, count) = (0, 0)
    while place < bytes.count, count < limit {
      let (string, byteCount) = strings.longest(bytes, from: place) { random.unit() >= probability }
      output.append(string.map { stringTokens[$0] } ?? bytes[place])
      place += byteCount
      count += 1
    }
  }

  /// The bytes of as many tokens as can matter: those that the limit takes, and what the last of them may look at.
  private mutating func spell(_ tokens: ArraySlice<UInt8>, limit: Int) {
    bytes.removeAll(keepingCapacity: true)
    let needed = limit == .max ? .max : limit * Vocabulary.longestTokenByteCount
    for token in tokens {
      bytes.append(contentsOf: texts[Int(token)])
      if bytes.count >= needed { return }
    }
  }

  private static func byteCount(ofTokens limit: Int) -> Int { (limit + 1) * Vocabulary.longestTokenByteCount }
}
