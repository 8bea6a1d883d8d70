import Testing

/// The rules themselves, on faults planted here: a rule that finds nothing anywhere proves nothing.
@Suite("Tidy rules find what they are for")
struct RuleTests {
  private func swift(_ text: String, path: String = "Sources/Curation/A.swift") -> RepositoryFile {
    RepositoryFile(path, text)
  }

  @Test("Findings read as compilers' errors do")
  func format() {
    #expect(Finding(swift(""), line: 7, "too long").description == "Sources/Curation/A.swift:7: error: too long")
  }

  @Test("Long files and long lines")
  func size() {
    let longLine = String(repeating: "é", count: 121)
    #expect(CodeRules.size(of: swift("a\n\(longLine)\n")).map(\.line) == [2])
    #expect(CodeRules.size(of: swift(String(longLine.dropLast()))).isEmpty)
    #expect(CodeRules.size(of: swift(String(repeating: "\n", count: 400))).isEmpty)
    #expect(CodeRules.size(of: swift(String(repeating: "\n", count: 401))).map(\.line) == [401])
  }

  @Test("Words that sources do without")
  func words() {
    let text = "try! a()\nb as! C\nlet fingerprint = 1\n// TODO\nmyfatalError(1)\n"
    #expect(CodeRules.forbiddenWords(in: swift(text)).map(\.line) == [1, 2, 4])
    #expect(CodeRules.forbiddenWords(in: swift(text, path: "Tests/A/A.swift")).isEmpty)
    let printing = "  print(1)\nfingerprint(2)\n"
    #expect(CodeRules.printing(in: swift(printing), stages: ["Curation"]).map(\.line) == [1])
    #expect(CodeRules.printing(in: swift(printing), stages: ["Sharding"]).isEmpty)
  }

  @Test("Files that do not belong here")
  func files() {
    #expect(FileRules.kind(of: RepositoryFile("a/model.bin", "")).count == 1)
    #expect(FileRules.kind(of: RepositoryFile("a/program", "")).count == 1)
    for path in ["scripts/program", ".ci/run", "Makefile", ".gitignore", "a/b.md"] {
      #expect(FileRules.kind(of: RepositoryFile(path, "")).isEmpty, "\(path)")
    }
    #expect(FileRules.size(of: RepositoryFile("a.txt", String(repeating: "a", count: (256 << 10) + 1))).count == 1)
    #expect(FileRules.machinePaths(in: RepositoryFile("a.md", "x\n/" + "work/y\n")).map(\.line) == [2])
  }

  @Test("Pages without a title, with two, and links that lead nowhere")
  func markdown() {
    func page(_ text: String) -> RepositoryFile { RepositoryFile("docs/a.md", text) }
    #expect(MarkdownRules.title(of: page("# A\n\n```\n# code\n```\n## B\n")).isEmpty)
    #expect(MarkdownRules.title(of: page("---\nlicense: x\n---\n# A\n")).isEmpty)
    #expect(MarkdownRules.title(of: page("text\n# A\n")).count == 1)
    #expect(MarkdownRules.title(of: page("# A\n# B\n")).map(\.line) == [2])
    let links = "[a](b.md) [c](../c.md#part) [d](https://x.y/z) [e](#here)\n```\n[f](f.md)\n```\n![g](g.svg \"G\")\n"
    var asked: [String] = []
    let findings = MarkdownRules.links(in: page(links)) { path in
      asked.append(path)
      return path == "docs/b.md"
    }
    #expect(asked == ["docs/b.md", "docs/../c.md", "docs/g.svg"])
    #expect(findings.map(\.line) == [1, 5])
  }

  @Test("Quoted messages that no source prints")
  func messages() {
    let page = RepositoryFile(
      "docs/a.md", "- **`no \"a\" in … at …`** why\n- **`at … no`** why\n- **`gone`**\n- **`…`**\ngone, `gone`\n")
    let source = swift("throw E(\"no \\\"a\\\" \"\n    + \"in \\(place) at \\(time)\")")
    #expect(MessageRules.unsaid(in: page, by: [source]).map(\.line) == [2, 3, 4])
    let far = swift("\"no \\\"a\\\" in \(String(repeating: "x", count: 200)) at \"")
    #expect(MessageRules.unsaid(in: page, by: [far]).map(\.line) == [1, 2, 3, 4])
    let wrong = "x(\"a is no b\")\n\"is no key\"\n"
    let texts = wrong + "\"there is no b\"\n\"it is no longer b\"\n\"is no\"\n// \"a is no b\"\n"
    #expect(MessageRules.idiom(in: swift(texts)).map(\.line) == [1, 2])
    #expect(MessageRules.idiom(in: swift(texts, path: "Tests/A/A.swift")).isEmpty)
  }

  @Test("Imports that are undeclared, point up, or lead from stage to stage")
  func architecture() async throws {
    let real = try await Repository.file("Package.swift").text
    let changed = real.replacing(
      #"module("Curation", ["Similarity", "Intake", "Lineage", "Basics"])"#,
      with: #"module("Curation", ["Lineage", "Teachers", "Ledger"])"#)
    #expect(changed != real)
    let rules = ArchitectureRules(manifest: try PackageManifest(RepositoryFile("Package.swift", changed)))
    let messages = rules.dependencies.map(\.message)
    #expect(
      messages == [
        "Curation depends on Ledger, which stands below it", "the stage Curation depends on the stage Teachers",
      ])
    let text = "import Foundation\nimport Basics\npackage import struct Lineage.Document\n"
    #expect(rules.imports(in: swift(text)).map(\.line) == [2])
    #expect(rules.imports(in: swift(text, path: "Sources/Nowhere/A.swift")).count == 1)
    let folders = rules.folders(of: [swift(""), swift("", path: "Sources/Nowhere/A.swift")]).map(\.message)
    #expect(folders.contains("the folder Sources/Nowhere is no target"))
    #expect(folders.contains("the target Basics has no files in Sources/Basics"))
    #expect(!folders.contains { $0.contains("Sources/Curation") })
  }

  @Test("Versions that are not exact, pins of another version, and packages that are not pinned or come from elsewhere")
  func packages() throws {
    let manifest = RepositoryFile(
      "Package.swift",
      """
      .package(url: "https://a.example/x/one", exact: "1.2.3"),
      .package(url: "https://a.example/x/two", from: "1.0.0"),
      """)
    func findings(_ pins: [(location: String, version: String?)]) throws -> [String] {
      let rows = pins.map { pin in
        let version = pin.version.map { #", "version": "\#($0)""# } ?? ""
        return #"{"location": "\#(pin.location)", "state": {"revision": "abc"\#(version)}}"#
      }
      let resolved = RepositoryFile("Package.resolved", #"{"pins": [\#(rows.joined(separator: ", "))]}"#)
      return try PackageRules.pins(of: manifest, in: resolved).map(\.message)
    }
    let one = "https://a.example/x/one"
    #expect(try findings([(one, "1.2.3"), ("https://a.example/x/three.git", "9.0.0")]).count == 1)
    #expect(try findings([(one, "1.2.4")]).count == 2)
    #expect(try findings([(one, "1.2.3"), ("https://b.example/x/three", "9.0.0")]).count == 2)
    #expect(try findings([(one, "1.2.3"), ("https://a.example/x/three", nil)]).count == 2)
  }
}
