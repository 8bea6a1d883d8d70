/// What every Swift and C file keeps to.
enum CodeRules {
  static let largestLineCount = 400
  static let largestColumnCount = 120

  static func size(of file: RepositoryFile) -> [Finding] {
    guard file.isSwift || file.isC else { return [] }
    var findings: [Finding] = []
    // The text after the last line feed is no line.
    let lineCount = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
    if lineCount > largestLineCount {
      findings.append(Finding(file, line: lineCount, "\(lineCount) lines, at most \(largestLineCount); split the file"))
    }
    for line in file.lines where line.text.count > largestColumnCount {
      findings.append(
        Finding(file, line: line.number, "\(line.text.count) columns, at most \(largestColumnCount)"))
    }
    return findings
  }

  /// Crashes on bad input, and notes of unfinished work.
  static func forbiddenWords(in file: RepositoryFile) -> [Finding] {
    let isOurs = file.path.hasPrefix("Sources/") || file.path.hasPrefix("firmware/")
    guard isOurs, file.isSwift || file.isC else { return [] }
    let words = ["TODO", "FIXME"] + (file.isSwift ? ["try!", "fatalError(", "as!", "@testable"] : [])
    return file.lines.flatMap { line in
      words.filter { contains($0, in: line.text) }.map { Finding(file, line: line.number, "'\($0)' in sources") }
    }
  }

  /// Stages return values and throw errors; only the shell speaks to a person.
  static func printing(in file: RepositoryFile, stages: Set<String>) -> [Finding] {
    guard file.isSwift, let module = file.module, stages.contains(module) else { return [] }
    return file.lines.filter { contains("print(", in: $0.text) }.map { line in
      Finding(file, line: line.number, "a stage knows no terminal: no print")
    }
  }

  /// Whether a word stands in a line, not as the end of a longer one (`fingerprint(` is no `print(`).
  private static func contains(_ word: String, in line: Substring) -> Bool {
    line.ranges(of: word).contains { range in
      guard range.lowerBound > line.startIndex else { return true }
      let before = line[line.index(before: range.lowerBound)]
      return !(before.isLetter || before.isNumber || before == "_")
    }
  }
}
