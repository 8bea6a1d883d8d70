import Basics
import Lineage

/// Types requests carelessly, as people do: the same text and generator give the same result.
///
/// Digits stay as they are, and a typo never makes another known word. Letters beyond ASCII stay, too.
public struct CarelessTyping: Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    case typo, unpunctuated, capitalized, upper
  }

  private let noise: TypingNoise
  private let typist: Typist

  public init(_ noise: TypingNoise, typist: Typist) {
    self.noise = noise
    self.typist = typist
  }

  /// A text, mistyped in one way.
  /// - Returns: nil where that changes nothing: no letter, no mark, or no word that can be mistyped safely.
  public func mistyped(_ text: [UInt8], by kind: Kind, with random: inout SeededGenerator) -> [UInt8]? {
    let changed: [UInt8]? =
      switch kind {
      case .typo: typist.mistyped(text, with: &random)
      case .unpunctuated: text.unpunctuated
      case .capitalized: text.capitalizedFirstLetter
      case .upper: text.map(\.uppercased)
      }
    return changed == text ? nil : changed
  }

  /// A text, mistyped in each way as often as the noise says.
  public func mistyped(_ text: [UInt8], with random: inout SeededGenerator) -> [UInt8] {
    var text = text
    for kind in Kind.allCases where random.unit() < share(of: kind) {
      text = mistyped(text, by: kind, with: &random) ?? text
    }
    return text
  }

  private func share(of kind: Kind) -> Double {
    switch kind {
    case .typo: noise.typo
    case .unpunctuated: noise.unpunctuated
    case .capitalized: noise.capitalized
    case .upper: noise.upper
    }
  }
}

extension [UInt8] {
  fileprivate var unpunctuated: [UInt8] {
    let marks = Array(".,?!'".utf8)
    return indices.filter { index in
      let isDecimalPoint = index > 0 && index + 1 < count && self[index - 1].isDigit && self[index + 1].isDigit
      return isDecimalPoint || !marks.contains(self[index])
    }.map { self[$0] }
  }

  fileprivate var capitalizedFirstLetter: [UInt8] {
    guard let first = firstIndex(where: \.isLetterOrDigit) else { return self }
    var bytes = self
    bytes[first] = bytes[first].uppercased
    return bytes
  }
}
