/// What every file of the repository keeps to.
enum FileRules {
  static let largestByteCount = 256 << 10

  private static let extensions: Set<String> = [
    "swift", "c", "h", "S", "ld", "mk", "modulemap", "sh", "py", "md", "txt", "html", "css", "js", "svg", "json",
    "jsonl",
    "yaml", "yml", "toml", "tsv", "ipynb", "cmake", "ino", "properties",
  ]
  private static let names: Set<String> = [
    "Makefile", "LICENSE", "NOTICE", ".gitignore", ".gitattributes", ".swift-format", ".clang-format", ".clang-tidy",
    ".editorconfig",
    "Kconfig", "Package.resolved",
  ]
  /// Folders whose files are programs without extension.
  private static let programFolders = ["scripts/", ".ci/"]

  /// What was published elsewhere and is compared with, and a student for tests; see its README.
  private static let goldens = [
    "Tests/TestSupport/Goldens/atome60k_random.atome", "Tests/TestSupport/Goldens/atome60k_random.atome2",
    "Tests/TestSupport/Goldens/classifier.atome",
  ]

  static func kind(of file: RepositoryFile) -> [Finding] {
    let isProgram = file.fileExtension.isEmpty && programFolders.contains { file.path.hasPrefix($0) }
    if extensions.contains(file.fileExtension) || names.contains(file.name) || isProgram { return [] }
    if goldens.contains(file.path) { return [] }
    return [Finding(file, "files of this kind are not kept here; see FileRules in TidyTests")]
  }

  static func size(of file: RepositoryFile) -> [Finding] {
    guard file.byteCount > largestByteCount else { return [] }
    return [Finding(file, "\(file.byteCount) bytes, at most \(largestByteCount): data lives outside the repository")]
  }

  /// Spelled in two parts, so that this file keeps to its own rule.
  private static let machineFolder = "/" + "work/"

  static func machinePaths(in file: RepositoryFile) -> [Finding] {
    file.lines.filter { $0.text.contains(machineFolder) }.map { line in
      Finding(file, line: line.number, "a path of one machine: \(machineFolder)")
    }
  }
}
