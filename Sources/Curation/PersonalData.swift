import Lineage

/// What should not be learned by heart: e-mail addresses, telephone and card numbers, keys. By their form; a person's
/// name has none.
enum PersonalData {
  static func refusal(of text: String) -> Refusal? {
    if text.contains("@"), let match = text.firstMatch(of: #/[\w.+-]+@[\w-]+\.[\w.-]*\w/#) {
      return Refusal(.personalData, "an e-mail address: \(masked(match.0))")
    }
    if let match = text.firstMatch(
      of: #/\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}/#)
    {
      return Refusal(.personalData, "a key: \(masked(match.0))")
    }
    if text.contains("-----BEGIN"), text.contains("PRIVATE KEY-----") { return Refusal(.personalData, "a private key") }
    return refusalOfNumbers(in: text)
  }

  private static func refusalOfNumbers(in text: String) -> Refusal? {
    for match in text.matches(of: #/\+?\(?\d[\d ().\/-]{7,}\d/#) {
      let digits = match.0.filter(\.isNumber).compactMap(\.wholeNumberValue)
      if 13...19 ~= digits.count, isCard(digits) { return Refusal(.personalData, "a card number: \(masked(match.0))") }
      let isInternational = match.0.hasPrefix("+") && 8...15 ~= digits.count
      let groups = match.0.split { !$0.isNumber }
      let isGrouped =
        10...15 ~= digits.count && groups.count > 2 && groups.allSatisfy { $0.count < 7 } && !isDate(match.0)
      if isInternational || isGrouped { return Refusal(.personalData, "a telephone number: \(masked(match.0))") }
    }
    return nil
  }

  /// Luhn's check digit (ISO/IEC 7812-1).
  private static func isCard(_ digits: [Int]) -> Bool {
    let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
      let (position, value) = digit
      let doubled = position.isMultiple(of: 2) ? value : 2 * value
      return sum + (doubled > 9 ? doubled - 9 : doubled)
    }
    return sum.isMultiple(of: 10)
  }

  private static func isDate(_ text: Substring) -> Bool {
    text.firstMatch(of: #/^\d{4}-\d{2}-\d{2}|^\d{1,2}[.\/]\d{1,2}[.\/]\d{2,4}/#) != nil
  }

  /// A report of what must not spread does not spread it.
  private static func masked(_ text: Substring) -> String { "\(text.prefix(2))…\(text.suffix(2))" }
}
