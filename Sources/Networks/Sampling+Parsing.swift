import Basics

extension Sampling {
  /// A decimal number in thousandths, exactly.
  /// - Parameters:
  ///   - name: what the number is called where it stands: `--temperature`, `/temperature`.
  ///   - text: the number as it was written.
  /// - Throws: `HintedError` for what is no such number.
  public static func thousandths(_ name: String, _ text: String) throws -> Int {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? String(parts[1]) : ""
    let digits = (parts.first ?? "") + fraction + String(repeating: "0", count: max(0, 3 - fraction.count))
    guard let whole = parts.first, !whole.isEmpty, fraction.count <= 3,
      digits.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int(digits)
    else {
      throw HintedError(
        "\(name) is '\(text)', not a number with at most three decimals", hint: "for example 0.8", status: .usage)
    }
    return value
  }

  /// The same, inside a range.
  public static func thousandths(_ name: String, _ text: String, in range: ClosedRange<Int>) throws -> Int {
    let value = try thousandths(name, text)
    guard range.contains(value) else {
      throw HintedError(
        "\(name) is \(text), outside \(Double(range.lowerBound) / 1000)…\(range.upperBound / 1000)",
        hint: "choose a value in that range", status: .usage)
    }
    return value
  }
}
