import Basics
import Formats

extension VerificationReport.TextComparison {
  /// Compares tokens and what they stand for, step by step: a token that comes after another byte is another token.
  init(_ found: [Transcript.TextAnswer], with expected: [Transcript.TextAnswer]) {
    self.init()
    for (index, pair) in zip(found, expected).enumerated() {
      for (position, steps) in zip(pair.0.steps, pair.1.steps).enumerated() {
        compare(steps.0, steps.1, textIndex: index, position: position)
      }
    }
  }

  private mutating func compare(
    _ found: [Transcript.Token], _ expected: [Transcript.Token], textIndex: Int, position: Int
  ) {
    let pairs = Array(zip(found, expected))
    comparedTokenCount += expected.count
    comparedByteCount += expected.reduce(0) { $0 + $1.text.count }
    guard found != expected else { return }
    differingTokenCount += pairs.count { $0.token != $1.token } + abs(found.count - expected.count)
    if found.map(\.token) != expected.map(\.token) {
      note(
        .token, textIndex, position, token: nil, expected: expected.map(\.token), found: found.map(\.token))
    }
    for (found, expected) in pairs where found.token == expected.token && found.text != expected.text {
      differingByteCount +=
        zip(found.text, expected.text).count { $0 != $1 } + abs(found.text.count - expected.text.count)
      note(.bytes, textIndex, position, token: expected.token, expected: expected.text, found: found.text)
    }
  }

  private mutating func note(
    _ quantity: VerificationReport.TextDifference.Quantity, _ textIndex: Int, _ position: Int, token: UInt8?,
    expected: [UInt8], found: [UInt8]
  ) {
    guard firstDifference == nil else { return }
    firstDifference = VerificationReport.TextDifference(
      quantity: quantity, textIndex: textIndex, position: position, token: token, expected: expected.hexString,
      found: found.hexString)
  }
}
