import Basics
import Formats

/// Prompts that exercise an engine, the same for the same seed.
public enum VerificationPrompts {
  /// The longest prompt, in bytes.
  public static let longestByteCount = VerificationVectors.longestProvingPrompt

  /// Beginnings of texts: what the model was made for. Texts are taken at equal distances, so that they come from all
  /// of the list.
  /// - Parameter texts: held-out documents, say; empty ones are skipped.
  public static func beginnings(of texts: [String], count: Int, seed: UInt64) -> [[UInt8]] {
    let usable = texts.filter { !$0.isEmpty }
    guard !usable.isEmpty else { return anyBytes(count: count, seed: seed) }
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { index in
      let text = Array(usable[index * usable.count / count % usable.count].utf8)
      return Array(text.prefix(1 + generator.below(longestByteCount)))
    }
  }

  /// Bytes without a meaning: for a model whose texts are not at hand. The first prompts are single bytes, from 0 on in
  /// steps that cover the range; the others have any length.
  public static func anyBytes(count: Int, seed: UInt64) -> [[UInt8]] {
    var generator = SeededGenerator(seed: seed)
    let singleCount = min(count, 4)
    let singles = (0..<singleCount).map { [UInt8(truncatingIfNeeded: $0 * 85)] }
    let longer = (singleCount..<max(count, singleCount)).map { _ in
      (0..<2 + generator.below(longestByteCount - 1)).map { _ in UInt8(truncatingIfNeeded: generator.below(256)) }
    }
    return singles + longer
  }
}
