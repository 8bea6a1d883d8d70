import Testing

/// One breach of a rule, printed as compilers print theirs, so that editors can jump to it.
struct Finding: Hashable, CustomStringConvertible {
  var path: String
  var line: Int
  var message: String

  init(_ file: RepositoryFile, line: Int = 1, _ message: String) {
    path = file.path
    self.line = line
    self.message = message
  }

  var description: String { "\(path):\(line): error: \(message)" }
}

/// Fails once for each finding.
func expectNone(_ findings: [Finding]) {
  for finding in findings { Issue.record("\(finding)") }
}
