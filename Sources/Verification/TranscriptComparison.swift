import Basics
import Formats
import Networks

/// How one transcript departs from another: counts, and the first place.
public struct TranscriptComparison: Hashable, Sendable {
  public private(set) var comparedLogitCount = 0
  public private(set) var differingLogitCount = 0
  public private(set) var differingByteCount = 0
  /// In the order of prompts, then positions.
  public private(set) var firstDifference: VerificationReport.Difference?
  /// Of the texts; nil where the vectors have none.
  public private(set) var texts: VerificationReport.TextComparison?

  /// Compares bit for bit: +0 and -0 differ, and so do two NaNs of other payloads.
  /// - Throws: `HintedError` when the two do not answer the same vectors.
  public init(_ found: Transcript, with expected: Transcript, vectors: VerificationVectors) throws {
    guard found.hasShape(of: vectors), expected.hasShape(of: vectors) else {
      throw HintedError("two transcripts that answer other vectors cannot be compared", status: .internalFault)
    }
    for (index, pair) in zip(found.answers, expected.answers).enumerated() {
      compareLogits(pair.0.logitBits, pair.1.logitBits, promptIndex: index)
      compareChoices(
        pair.0.generated, pair.1.generated, promptIndex: index, firstPosition: vectors.prompts[index].count - 1)
    }
    if !vectors.texts.isEmpty {
      texts = VerificationReport.TextComparison(found.textAnswers, with: expected.textAnswers)
    }
  }

  private mutating func compareLogits(_ found: [UInt32], _ expected: [UInt32], promptIndex: Int) {
    comparedLogitCount += expected.count
    for index in expected.indices where found[index] != expected[index] {
      differingLogitCount += 1
      note(
        VerificationReport.Difference(
          quantity: .logit, promptIndex: promptIndex, position: index / AtomeShape.vocabularySize,
          byte: UInt8(truncatingIfNeeded: index), expected: expected[index].hexDigits, found: found[index].hexDigits))
    }
  }

  private mutating func compareChoices(
    _ found: [UInt8], _ expected: [UInt8], promptIndex: Int, firstPosition: Int
  ) {
    for index in expected.indices where found[index] != expected[index] {
      differingByteCount += 1
      note(
        VerificationReport.Difference(
          quantity: .choice, promptIndex: promptIndex, position: firstPosition + index, byte: expected[index],
          expected: [expected[index]].hexString, found: [found[index]].hexString))
    }
  }

  /// Keeps the earliest: a choice is made after the logits of its position.
  private mutating func note(_ difference: VerificationReport.Difference) {
    guard let first = firstDifference else {
      firstDifference = difference
      return
    }
    if (difference.promptIndex, difference.position) < (first.promptIndex, first.position) {
      firstDifference = difference
    }
  }
}

extension Transcript {
  fileprivate func hasShape(of vectors: VerificationVectors) -> Bool {
    answers.count == vectors.prompts.count
      && textAnswers.map(\.steps.count) == vectors.texts.map { $0.count + 1 }
      && answers.indices.allSatisfy { index in
        answers[index].generated.count == vectors.generatedByteCount
          && answers[index].logitBits.count == vectors.logitCount(ofPrompt: index)
      }
  }

  /// Logits that are infinite or not numbers: all exponent bits set.
  var nonFiniteLogitCount: Int {
    answers.reduce(0) { count, answer in
      count + answer.logitBits.reduce(0) { $0 + ($1 & 0x7F80_0000 == 0x7F80_0000 ? 1 : 0) }
    }
  }
}

extension UInt32 {
  /// Eight hexadecimal digits, the most significant first.
  fileprivate var hexDigits: String {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: self >> $0) }.hexString
  }
}
