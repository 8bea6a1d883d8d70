import Basics
import Formats

extension VerificationReport {
  /// What a person reads first: how much was compared, and where it ran.
  public var summary: String {
    let isBuild = { (contender: Contender) in contender.firmware == nil && !contender.name.contains("WebAssembly") }
    let host = contenders.count(where: isBuild)
    let boards = contenders.filter { !isBuild($0) }.map(\.name)
    let places = ["Swift", "C on this machine (\(host) builds)"] + boards
    let logits =
      "\(ReadableUnits.count(comparedLogitCount)) logits compared, "
      + "\(ReadableUnits.count(differingLogitCount)) of them different"
    return ([logits] + [textSummary].compactMap(\.self) + [places.joined(separator: " = ")]).joined(separator: " · ")
  }

  /// How much text became tokens and bytes again; nil where tokens are bytes.
  public var textSummary: String? {
    texts.map { texts in
      let decoded = ReadableUnits.count(texts.differingByteCount)
      return "\(ReadableUnits.count(texts.comparedTokenCount)) tokens of "
        + "\(ReadableUnits.count(encodedByteCount)) bytes of text compared, "
        + "\(ReadableUnits.count(texts.differingTokenCount)) different"
        + (texts.differingByteCount == 0 ? "" : ", \(decoded) bytes decoded otherwise")
    }
  }

  /// For a receipt.
  var figures: [String: Double] {
    var figures = [
      "comparedLogitCount": Double(comparedLogitCount), "differingLogitCount": Double(differingLogitCount),
    ]
    if let texts {
      figures["comparedTokenCount"] = Double(texts.comparedTokenCount)
      figures["differingTokenCount"] = Double(texts.differingTokenCount)
    }
    return figures
  }

  /// The first difference as an error: the answer is no.
  public func failure(see page: String) -> HintedError {
    guard let contender = contenders.first(where: { !$0.isEqual }) else {
      return HintedError(
        "the model's logits are not finite, so there is nothing to compare", hint: "see \(page)", status: .answerIsNo)
    }
    return HintedError(
      "\(contender.name) differs from the reference at \(contender.firstPlace)", hint: "see \(page)",
      status: .answerIsNo)
  }
}

extension VerificationReport.Contender {
  /// Where it departs first, and how: logits before texts, as they stand in a transcript.
  fileprivate var firstPlace: String {
    if let first = firstDifference {
      return "prompt \(first.promptIndex), position \(first.position): "
        + "\(first.quantity.rawValue) \(first.byte) is \(first.found), not \(first.expected)"
    }
    guard let first = texts?.firstDifference else { return "no place that it names" }
    let what = first.token.map { "token \($0) is decoded to" } ?? "the tokens are"
    return "text \(first.textIndex), byte \(first.position): \(what) \(first.found.orNothing), "
      + "not \(first.expected.orNothing)"
  }
}

extension String {
  /// A byte may decide no token, and a token may have no text.
  fileprivate var orNothing: String { isEmpty ? "nothing" : self }
}
