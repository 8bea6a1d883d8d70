import Foundation

/// Brings texts that mean the same to the same bytes, so that a small student does not spend parameters on the
/// difference between two apostrophes. Normalising twice changes nothing.
///
/// In this order: line ends become line feeds; the character policy folds punctuation; Unicode Normalization Form C
/// (UAX #15); white space goes from the end of each line and from both ends of the text.
public struct TextNormalizer: Sendable {
  public let policy: CharacterPolicy

  public init(policy: CharacterPolicy) { self.policy = policy }

  public func normalized(_ text: String) -> String {
    let folded = policy == .keep ? Self.withLineFeeds(text) : Self.folded(Self.withLineFeeds(text))
    return Self.trimmed(folded.precomposedStringWithCanonicalMapping)
  }

  /// CR LF, a lone CR, NEXT LINE (U+0085) and the line and paragraph separators (U+2028, U+2029) become line feeds.
  static func withLineFeeds(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var previousWasReturn = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n" where previousWasReturn: break
      case "\r", "\u{85}", "\u{2028}", "\u{2029}": result.append("\n")
      default: result.append(scalar)
      }
      previousWasReturn = scalar == "\r"
    }
    return String(result)
  }

  private static func folded(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      // The whole of ASCII maps to itself: no look-up for the common case.
      if !scalar.isASCII, let replacement = TypographicCharacters.replacement(for: scalar) {
        result.append(contentsOf: replacement.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  private static func trimmed(_ text: String) -> String {
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    let joined = lines.map { String($0.trimmingTrailingWhitespace) }.joined(separator: "\n")
    return String(Substring(joined).unicodeScalars.drop(while: \.properties.isWhitespace).trimmingTrailingWhitespace)
  }
}

extension Substring.UnicodeScalarView {
  fileprivate var trimmingTrailingWhitespace: Substring.UnicodeScalarView {
    var rest = self
    while let last = rest.last, last.properties.isWhitespace { rest.removeLast() }
    return rest
  }
}
