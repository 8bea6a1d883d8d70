/// Imports point down, as Package.swift draws them.
struct ArchitectureRules {
  let manifest: PackageManifest

  /// A target's dependencies stand above it, and no stage depends on another.
  var dependencies: [Finding] {
    var seen: Set<String> = []
    let names = Set(manifest.targets.map(\.name))
    let stages = manifest.names(in: "stages")
    return manifest.targets.flatMap { target in
      defer { seen.insert(target.name) }
      let ours = target.dependencies.filter(names.contains)
      let upward = ours.filter { !seen.contains($0) }.map { "\(target.name) depends on \($0), which stands below it" }
      let sideways = ours.filter { stages.contains(target.name) && stages.contains($0) }
        .map { "the stage \(target.name) depends on the stage \($0)" }
      return (upward + sideways).map { Finding(manifest.file, line: target.line, $0) }
    }
  }

  /// Every import of a module of ours is declared in Package.swift.
  func imports(in file: RepositoryFile) -> [Finding] {
    guard file.isSwift, let module = file.module else { return [] }
    guard let target = manifest.target(module) else { return [Finding(file, "Package.swift has no target \(module)")] }
    let names = Set(manifest.targets.map(\.name))
    return file.lines.compactMap { line in
      guard let imported = Self.importedModule(line.text), names.contains(imported) else { return nil }
      guard !target.dependencies.contains(imported) else { return nil }
      return Finding(file, line: line.number, "\(module) imports \(imported), which Package.swift does not let it")
    }
  }

  /// Every target has a folder with files, and every folder of sources is a target.
  func folders(of files: [RepositoryFile]) -> [Finding] {
    let folders = Set(files.compactMap(Self.targetFolder))
    let declared = manifest.targets.map { target in
      (target, target.path ?? (target.layer == "testTargets" ? "Tests/" : "Sources/") + target.name)
    }
    let missing = declared.filter { target, folder in !files.contains { $0.path.hasPrefix("\(folder)/") } }
      .map { Finding(manifest.file, line: $0.0.line, "the target \($0.0.name) has no files in \($0.1)") }
    let undeclared = folders.subtracting(declared.map { $0.1 }).sorted()
      .map { Finding(manifest.file, "the folder \($0) is no target") }
    return missing + undeclared
  }

  /// `Sources/Basics` for `Sources/Basics/ContentID.swift`.
  private static func targetFolder(_ file: RepositoryFile) -> String? {
    let parts = file.path.split(separator: "/")
    guard parts.count > 2, ["Sources", "Tests"].contains(parts[0]) else { return nil }
    return "\(parts[0])/\(parts[1])"
  }

  private static func importedModule(_ line: Substring) -> String? {
    // The expression alone takes seconds over the whole repository.
    guard line.contains("import ") else { return nil }
    return line.firstMatch(
      of: #/^\s*(?:@\w+ )*(?:(?:public|package|internal|private|fileprivate) )?import (?:\w+ )?(\w+)/#
    )
    .map { String($0.1) }
  }
}
