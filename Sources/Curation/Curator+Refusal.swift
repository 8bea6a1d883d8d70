import Basics
import Lineage

/// A reason with its particulars, before it is tied to a sample.
struct Refusal {
  var reason: RejectionReason
  var detail: String
  var matchedDocumentID: ContentID?

  init(_ reason: RejectionReason, _ detail: String, matchedDocumentID: ContentID? = nil) {
    self.reason = reason
    self.detail = detail
    self.matchedDocumentID = matchedDocumentID
  }

  func rejection(of text: String, sampleID: ContentID, index: Int) -> Rejection {
    Rejection(
      sampleID: sampleID, indexInSample: index, reason: reason, detail: detail,
      matchedDocumentID: matchedDocumentID, text: text)
  }
}

extension Curator {
  /// The first reason to refuse a normalised text, duplicates aside: how it ended, what it is made of, how long it is,
  /// what it says.
  func refusal(of text: String, _ finishReason: FinishReason) -> Refusal? {
    refusal(becauseOf: finishReason) ?? refusalOfCharacters(in: text) ?? refusalOfLength(text.utf8.count)
      ?? refusalOfWords(in: text)
  }

  /// What the text says, or shares with what must not be learned.
  func refusalOfWords(in text: String) -> Refusal? {
    filters.refusal(of: text) ?? settings.contamination?.refusal(of: text)
  }

  /// Whether `refusalOfWords` has anything to look at.
  var readsWords: Bool { !filters.isEmpty || settings.contamination != nil }

  private func refusal(becauseOf finishReason: FinishReason) -> Refusal? {
    switch finishReason {
    case .length: Refusal(.truncated, "the teacher's token limit cut the answer here")
    case .contentFilter: Refusal(.filtered, "the teacher's content filter stopped the answer here")
    // Answers of servers that give no word, as earlier versions stored them.
    case .stop, .other(""): nil
    case .other(let word): Refusal(.truncated, "the teacher stopped here with a word that is not known: '\(word)'")
    }
  }

  func refusalOfCharacters(in text: String) -> Refusal? {
    var byteOffset = 0
    for scalar in text.unicodeScalars {
      if let reason = reason(against: scalar) {
        let codePoint = "U+" + String(scalar.value, radix: 16, uppercase: true).leftPadded(to: 4)
        return Refusal(reason, "\(codePoint) at byte \(byteOffset)")
      }
      byteOffset += UTF8.width(scalar)
    }
    return nil
  }

  private func reason(against scalar: Unicode.Scalar) -> RejectionReason? {
    switch scalar {
    case "\n", "\t": nil
    case "\u{FFFD}": .replacementCharacter
    case _ where scalar.properties.generalCategory == .control: .controlCharacter
    case _ where settings.characters == .ascii && !scalar.isASCII: .nonASCII
    default: nil
    }
  }

  /// - Parameter byteCount: in UTF-8.
  func refusalOfLength(_ byteCount: Int) -> Refusal? {
    let limits = settings.byteCounts
    if byteCount < limits.lowerBound { return Refusal(.tooShort, "\(byteCount) bytes, at least \(limits.lowerBound)") }
    if byteCount > limits.upperBound { return Refusal(.tooLong, "\(byteCount) bytes, at most \(limits.upperBound)") }
    return nil
  }
}

extension String {
  fileprivate func leftPadded(to width: Int) -> String {
    String(repeating: "0", count: max(0, width - count)) + self
  }
}
