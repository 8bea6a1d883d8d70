import Basics

/// What a merge says while parts are missing.
package enum PartsMissing {
  /// - Parameters:
  ///   - numbers: at least one.
  ///   - root: the folder of all parts.
  package static func error(_ numbers: [Int], of partCount: Int, in root: String) -> HintedError {
    HintedError(
      "\(numbers.count) of \(partCount) parts in \(root) are missing: \(NumberList.text(numbers))",
      hint: "run the same command with --part \(numbers.first ?? 1)/\(partCount) instead of --merge"
        + (numbers.count == 1 ? "" : ", and so on") + ", then merge again", status: .stopped)
  }
}
