import Basics

/// Bounds of numbers on the command line, checked before anything else happens.
enum Limits {
  static func check(_ flag: String, _ value: Int, in range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw HintedError(
        "\(flag) is \(value), outside \(range.lowerBound)…\(range.upperBound)", hint: "choose a value in that range",
        code: .outOfRange)
    }
  }

  /// Checks `--threads`, where it was given.
  static func checkThreads(_ count: Int?) throws {
    if let count { try check("--threads", count, in: 1...1024) }
  }
}
