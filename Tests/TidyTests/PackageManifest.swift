import Basics

/// What Package.swift says of our targets, read from its text: it is written to be read so.
struct PackageManifest {
  struct Target {
    var name: String
    /// Targets of ours, and libraries by the names of their constants.
    var dependencies: [String]
    /// The list that it stands in: `ground`, `stages`.
    var layer: String
    /// Where its sources are, if not under `Sources/<name>` or `Tests/<name>`.
    var path: String?
    var line: Int
  }

  let file: RepositoryFile
  let targets: [Target]

  init(_ file: RepositoryFile) throws {
    self.file = file
    var targets: [Target] = []
    for layer in file.text.matches(of: #/\nlet (\w+): \[Target\] = \[\n([\s\S]*?)\n\]/#) {
      let lineOfLayer = file.text[..<layer.2.startIndex].count { $0 == "\n" } + 1
      for start in layer.2.matches(of: #/(?m)^  (module|tests|\.\w+)\(/#) {
        let declaration = layer.2[start.range.lowerBound...]
        let body = Self.balanced(declaration)
        guard let target = Self.target(start.1, body, layer: String(layer.1)) else { continue }
        targets.append(target)
        targets[targets.count - 1].line = lineOfLayer + layer.2[..<start.range.lowerBound].count { $0 == "\n" }
      }
    }
    guard targets.count > 10 else {
      throw HintedError(
        "only \(targets.count) targets were found in Package.swift; does it still have lists of [Target]?")
    }
    self.targets = targets
  }

  func target(_ name: String) -> Target? { targets.first { $0.name == name } }

  func names(in layer: String) -> Set<String> { Set(targets.filter { $0.layer == layer }.map(\.name)) }

  /// From the first opening parenthesis to the one that closes it.
  private static func balanced(_ text: Substring) -> Substring {
    var depth = 0
    for position in text.indices {
      if text[position] == "(" { depth += 1 }
      if text[position] == ")" {
        depth -= 1
        if depth == 0 { return text[...position] }
      }
    }
    return text
  }

  private static func target(_ kind: Substring, _ body: Substring, layer: String) -> Target? {
    guard let name = body.firstMatch(of: #/"(\w+)"/#)?.1 else { return nil }
    let fullName = kind == "tests" ? "\(name)Tests" : String(name)
    return Target(
      name: fullName, dependencies: dependencies(kind, body), layer: layer,
      path: body.firstMatch(of: #/path: "([^"]+)"/#).map { String($0.1) }, line: 0)
  }

  /// The first list of a `module` or `tests`; the list labelled `dependencies` of a `.target`.
  private static func dependencies(_ kind: Substring, _ body: Substring) -> [String] {
    let list =
      kind.hasPrefix(".")
      ? body.firstMatch(of: #/dependencies: \[([^\]]*)\]/#)?.1
      : body.firstMatch(of: #/\[([^\]]*)\]/#)?.1
    return (list ?? "").matches(of: #/\w+/#).map { String($0.0) }
  }
}
