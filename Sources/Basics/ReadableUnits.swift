import Foundation

/// Numbers as a person reads them; always with a unit, always in the C locale.
public enum ReadableUnits {
  /// `17 B`, `20.1 KiB`, `3.4 MiB`.
  public static func bytes(_ count: Int) -> String {
    if count < 1024 { return "\(count) B" }
    let units = ["KiB", "MiB", "GiB", "TiB"]
    var value = Double(count) / 1024
    var index = 0
    // From 1023.95 on, one decimal would say 1024.0 of this unit.
    while value >= 1023.95, index < units.count - 1 {
      value /= 1024
      index += 1
    }
    return String(format: "%.1f %@", value, units[index])
  }

  /// `850 ms`, `12.3 s`, `4 min 10 s`, `2 h 5 min`.
  public static func duration(seconds: Double) -> String {
    // Each border lies where rounding would reach the next unit: `1000 ms` is never said.
    if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded())) ms" }
    if seconds < 59.95 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  /// `$12.34`; below a cent the first two digits that are not zero, since answers cost so little.
  public static func dollars(_ amount: Double) -> String {
    guard amount > 0, amount < 0.01 else { return "$\(amount.rounded(toPlaces: 2))" }
    // Two digits behind the zeros, and never an exponent.
    let places = 1 - Int(log10(amount).rounded(.down))
    return "$\(String(format: "%.\(min(places, 12))f", amount))"
  }

  /// `1,234,567`.
  public static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return value < 0 ? "-" + text : text
  }
}

extension Double {
  /// The value with so many decimal places, for lines that a person reads.
  public func rounded(toPlaces places: Int) -> String {
    String(format: "%.\(places)f", self)
  }
}

extension ReadableUnits {
  /// Bytes that a person wrote: `4096`, `512MB` (10^6), `1.5 GiB` (2^30), in any case. Nil for anything else.
  public static func byteCount(_ text: String) -> Int? {
    let units = [
      "": 1.0, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 0x1p10, "mib": 0x1p20, "gib": 0x1p30,
      "tib": 0x1p40,
    ]
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = text.dropFirst(number.count).trimmingCharacters(in: .whitespaces).lowercased()
    guard let value = Double(number), let factor = units[unit], value * factor < 0x1p62 else { return nil }
    return Int(value * factor)
  }
}
