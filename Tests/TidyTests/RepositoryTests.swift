import Testing

@Suite("The repository is tidy")
struct RepositoryTests {
  @Test("Swift and C files are short, and so are their lines")
  func codeSize() async throws {
    expectNone(try await Repository.files.flatMap(CodeRules.size))
  }

  @Test("Nothing in sources crashes on purpose or waits to be finished")
  func forbiddenWords() async throws {
    expectNone(try await Repository.files.flatMap(CodeRules.forbiddenWords))
  }

  @Test("Stages print nothing")
  func printing() async throws {
    let stages = try await PackageManifest(Repository.file("Package.swift")).names(in: "stages")
    expectNone(try await Repository.files.flatMap { CodeRules.printing(in: $0, stages: stages) })
  }

  @Test("Only known kinds of file, none of them large")
  func kinds() async throws {
    let files = try await Repository.files
    expectNone(files.flatMap(FileRules.kind) + files.flatMap(FileRules.size))
  }

  @Test("No path of one machine")
  func machinePaths() async throws {
    expectNone(try await Repository.files.flatMap(FileRules.machinePaths))
  }

  @Test("Every page has one title, and its links lead somewhere")
  func markdown() async throws {
    let files = try await Repository.files
    expectNone(files.flatMap(MarkdownRules.title))
    expectNone(files.flatMap { MarkdownRules.links(in: $0, exists: Repository.exists) })
  }

  @Test("Messages that troubleshooting quotes are messages that a program prints")
  func messages() async throws {
    let files = try await Repository.files
    let sources = files.filter { file in
      ["Sources/", "scripts/", "Makefile"].contains { file.path.hasPrefix($0) }
    }
    let page = try await Repository.file("docs/troubleshooting.md")
    #expect(MessageRules.quoted(in: page).count > 40)
    expectNone(MessageRules.unsaid(in: page, by: sources))
    expectNone(files.flatMap(MessageRules.idiom))
  }

  @Test("Package.swift, the folders and the imports agree, and imports point down")
  func architecture() async throws {
    let files = try await Repository.files
    let rules = ArchitectureRules(manifest: try PackageManifest(try await Repository.file("Package.swift")))
    expectNone(rules.dependencies)
    expectNone(rules.folders(of: files))
    expectNone(files.flatMap(rules.imports))
  }

  @Test("Versions of packages are exact, and those that packages bring are pinned")
  func packages() async throws {
    let manifest = try await Repository.file("Package.swift")
    expectNone(try PackageRules.pins(of: manifest, in: try await Repository.file("Package.resolved")))
  }
}
