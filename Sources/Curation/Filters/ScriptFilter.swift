import Lineage

/// Texts in another script than the corpus's: a teacher that falls into another language, a wrong file.
enum ScriptFilter {
  /// The share of letters that may be of other scripts: names and quotations stay.
  static let largestShare = 0.1

  static func refusal(of text: String, allowed: [Recipe.Script]) -> Refusal? {
    var (count, foreign, example) = (0, 0, Unicode.Scalar?.none)
    let hasLatin = allowed.contains(.latin)
    for scalar in text.unicodeScalars {
      let isLatin = scalar.isASCII && (0x61...0x7A).contains(scalar.value | 0x20)
      guard isLatin || !scalar.isASCII && scalar.properties.isAlphabetic else { continue }
      count += 1
      if isLatin ? hasLatin : ScriptTable.script(of: scalar).map(allowed.contains) ?? false { continue }
      foreign += 1
      example = example ?? scalar
    }
    guard let example, Double(foreign) > largestShare * Double(count) else { return nil }
    let script = ScriptTable.script(of: example)?.rawValue ?? "none that is known"
    return Refusal(
      .script, "\(100 * foreign / count) % of its letters are of other scripts, such as '\(example)' (\(script))")
  }
}
