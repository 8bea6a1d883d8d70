import Basics
import Formats
import Shipping
import TestSupport
import Testing

@Suite("Bundler")
struct BundlerTests {
  static let contents = BundleContents(
    name: "thermostat", summary: "A student that talks about thermostats.", model: Array(0...255),
    reportJSON: Array("{}".utf8), reportHTML: Array("<p>equal</p>".utf8),
    vectors: Array("ATOMEVEC".utf8), transcript: Array("{}".utf8),
    recipeFiles: [
      BundleFile(path: "prompts.yaml", text: "ask: warm\n"), BundleFile(path: "lists/rooms.txt", text: "kitchen\n"),
    ],
    datasheet: Array("# Datasheet\n".utf8), licenses: Array("# Licences\n".utf8), receipts: Array("[]".utf8),
    modelCard: Array("---\n---\n".utf8), provenance: Array("{}".utf8),
    runCommands: ["alambic talk model.atome --prompt hello"], reproduceCommands: ["alambic make recipe/recipe.yaml"])

  @Test("What is sealed is read, and the archive's name comes from its manifest")
  func roundTrip() throws {
    let bundle = try Bundler().seal(Self.contents)
    let archive = try bundle.archive()
    #expect(try BundleReader.read(archive, name: "a.tar") == bundle)
    #expect(bundle.fileName == "thermostat-\(bundle.id.short).alambic.tar")
    #expect(
      bundle.files.map(\.path) == [
        "README.txt", "README.md", "model.atome", "report.json", "report.html", "vectors.bin", "transcript.json",
        "verify.py",
        "recipe/lists/rooms.txt", "recipe/prompts.yaml", "DATASHEET.md", "LICENSES.md", "receipts.json",
        "provenance.json",
      ])
  }

  @Test("tar unpacks it, and sha256sum -c agrees with every file")
  func otherTools() async throws {
    let bundle = try Bundler().seal(Self.contents)
    try await withTemporaryFolder { folder in
      try AtomicFile.write(try bundle.archive(), to: "\(folder)/\(bundle.fileName)")
      let listing = try await runTool("tar", ["tvf", bundle.fileName, "--utc", "--numeric-owner"], in: folder)
      #expect(listing.status == 0 && listing.messages.isEmpty, "\(listing.messages)")
      let lines = String(decoding: listing.output, as: UTF8.self).split(separator: "\n")
      #expect(lines.count == bundle.files.count + 2)
      #expect(lines.allSatisfy { $0.hasPrefix("-rw-r--r-- 0/0 ") && $0.contains(" 1970-01-01 00:00 ") })
      #expect(try await runTool("tar", ["xf", bundle.fileName], in: folder).status == 0)
      let inside = "\(folder)/\(bundle.folderName)"
      let check = try await runTool("sha256sum", ["--strict", "-c", "SHA256SUMS"], in: inside)
      #expect(check.status == 0, "\(check.messages)")
      let sum = try await runTool("sha256sum", ["manifest.json"], in: inside)
      #expect(String(decoding: sum.output, as: UTF8.self).hasPrefix(bundle.id.short))
      #expect(try AtomicFile.read("\(inside)/model.atome") == Self.contents.model)
    }
  }

  @Test("Sealing again gives the same bytes, in whatever order the recipe's files come")
  func deterministic() throws {
    var shuffled = Self.contents
    shuffled.recipeFiles.reverse()
    #expect(try Bundler().seal(shuffled).archive() == Bundler().seal(Self.contents).archive())
  }

  @Test("The README tells how to check, run and reproduce")
  func readme() throws {
    let file = try #require(try Bundler().seal(Self.contents).files.first)
    let text = String(decoding: file.bytes, as: UTF8.self)
    for command in Self.contents.runCommands + Self.contents.reproduceCommands + [
      "sha256sum -c SHA256SUMS", "python3 verify.py", "alambic verify .",
    ] {
      #expect(text.contains("\n  \(command)\n"), "\(command)")
    }
    #expect(text.contains("A student that talks about thermostats."))
  }

  @Test("A bundle without one of its parts is not sealed")
  func missingParts() {
    let removals: [(inout BundleContents) -> Void] = [
      { $0.model = [] }, { $0.reportJSON = [] }, { $0.reportHTML = [] }, { $0.recipeFiles = [] },
      { $0.vectors = [] }, { $0.transcript = [] },
      { $0.datasheet = [] }, { $0.licenses = [] }, { $0.receipts = [] }, { $0.modelCard = [] }, { $0.provenance = [] },
    ]
    for remove in removals {
      var contents = Self.contents
      remove(&contents)
      #expect(throws: HintedError.self) { try Bundler().seal(contents) }
    }
  }

  @Test("Names and paths that could lead elsewhere are refused", arguments: ["", ".", "..", "a/b", "-x", "a b", "é"])
  func badNames(name: String) {
    var contents = Self.contents
    contents.name = name
    #expect(throws: HintedError.self) { try Bundler().seal(contents) }
  }

  @Test("Paths of recipe files too", arguments: ["../x", "/x", "a//b", "a/./b", "", "a\u{0}b", "a\\b"])
  func badPaths(path: String) {
    var contents = Self.contents
    contents.recipeFiles.append(BundleFile(path: path, text: "x"))
    #expect(throws: HintedError.self) { try Bundler().seal(contents).archive() }
  }

  @Test("Two files of one name are refused, and so is a path that a tar header cannot hold")
  func badRecipes() {
    for path in ["prompts.yaml", String(repeating: "a", count: 90)] {
      var contents = Self.contents
      contents.recipeFiles.append(BundleFile(path: path, text: "x"))
      #expect(throws: HintedError.self) { try Bundler().seal(contents).archive() }
    }
  }
}
