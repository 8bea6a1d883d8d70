import Basics
import Lineage

/// Texts that prove an encoder and a decoder, the same for the same seed: few enough that a slow core needs a moment.
public enum VerificationTexts {
  /// Bytes of a corpus's own texts, at most.
  public static let ownByteCount = 8192
  /// Bytes that are drawn from all 256 values, those that the vocabulary lacks among them.
  public static let randomByteCount = 4096
  /// Bytes of the vocabulary's own strings, cut at random places: beginnings of long strings meet other strings, which
  /// is where a longest match is decided late.
  public static let splicedByteCount = 4096
  /// Random and spliced bytes come in texts of so many.
  static let drawnTextByteCount = 256

  /// - Parameters:
  ///   - own: texts that the model was made for; empty ones are skipped.
  ///   - vocabulary: the image's.
  /// - Returns: texts; none for a vocabulary whose tokens are bytes, where there is nothing to prove.
  public static func proving(_ vocabulary: Vocabulary, own: [[UInt8]], seed: UInt64) -> [[UInt8]] {
    guard !vocabulary.isIdentity else { return [] }
    var generator = SeededGenerator(seed: seed)
    let random = texts(byteCount: randomByteCount) { [UInt8(truncatingIfNeeded: generator.below(256))] }
    let spliced = texts(byteCount: splicedByteCount) { piece(of: vocabulary, &generator) }
    return everyToken(vocabulary) + sample(own) + random + spliced
  }

  /// Each byte value alone and each string alone, so that every token is met, the unknown one too.
  private static func everyToken(_ vocabulary: Vocabulary) -> [[UInt8]] {
    (UInt8.min...UInt8.max).map { [$0] } + vocabulary.stringTokens.map { vocabulary.tokens[Int($0)] }
  }

  /// Texts at equal distances, so that they come from all of the list; the last one is cut.
  private static func sample(_ texts: [[UInt8]]) -> [[UInt8]] {
    let usable = texts.filter { !$0.isEmpty }
    let byteCount = usable.reduce(0) { $0 + $1.count }
    let distance = max(1, (byteCount + ownByteCount - 1) / ownByteCount)
    var room = ownByteCount
    var sample: [[UInt8]] = []
    for index in stride(from: 0, to: usable.count, by: distance) where room > 0 {
      sample.append(Array(usable[index].prefix(room)))
      room -= usable[index].count
    }
    return sample
  }

  /// A string of the vocabulary, or a part of one; now and then any byte.
  private static func piece(of vocabulary: Vocabulary, _ generator: inout SeededGenerator) -> [UInt8] {
    let strings = vocabulary.stringTokens
    guard generator.below(16) > 0, !strings.isEmpty else { return [UInt8(truncatingIfNeeded: generator.below(256))] }
    let string = vocabulary.tokens[Int(strings[generator.below(strings.count)])]
    let start = generator.below(2) == 0 ? 0 : generator.below(string.count)
    return Array(string[start..<start + 1 + generator.below(string.count - start)])
  }

  private static func texts(byteCount: Int, piece: () -> [UInt8]) -> [[UInt8]] {
    (0..<byteCount / drawnTextByteCount).map { _ in
      var text: [UInt8] = []
      while text.count < drawnTextByteCount { text += piece() }
      return Array(text.prefix(drawnTextByteCount))
    }
  }
}
