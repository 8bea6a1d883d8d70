import Basics
import Formats
import Foundation
import TestSupport
import Testing
import Yams

/// What a bundle says to programs that know nothing of Alambic, and whether its model can be made again.
@Suite("A bundle's evidence")
struct BundleEvidenceTests {
  /// What the Hub's documentation of model cards names.
  private static let knownKeys: Set<String> = [
    "license", "license_name", "license_link", "language", "library_name", "pipeline_tag", "tags", "datasets",
    "metrics", "model-index",
  ]

  private static func text(_ name: String, of bundle: SealedBundle) throws -> String {
    String(decoding: try #require(bundle.files.first { $0.path == name }).bytes, as: UTF8.self)
  }

  private static func made(_ project: TinyProject) async throws -> (path: String, bundle: SealedBundle) {
    let path = project.path(try #require(try await project.make().output(of: "ship").path))
    return (path, try BundleReader.read(path))
  }

  @Test("front matter, provenance and inspect say what the bundle is", .needsEmulator)
  func evidence() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let (path, bundle) = try await Self.made(project)
      let card = try Self.text("README.md", of: bundle)
      let parts = card.components(separatedBy: "---\n")
      let matter = try #require(try Yams.load(yaml: parts[1]) as? [String: Any])
      #expect(parts[0].isEmpty && Set(matter.keys).isSubset(of: Self.knownKeys), "\(matter.keys)")
      #expect(matter["license"] as? String == "cc0-1.0" && matter["pipeline_tag"] as? String == "text-generation")
      let model = try #require((matter["model-index"] as? [[String: Any]])?.first)
      let result = try #require((model["results"] as? [[String: Any]])?.first)
      let metric = try #require((result["metrics"] as? [[String: Any]])?.first)
      #expect(metric["type"] as? String == "bits_per_byte" && (metric["value"] as? Double ?? 0) > 0)
      #expect(card.contains("| documents held out |") && card.contains("| thermostat | teacher |"))

      let image = try #require(bundle.files.first { $0.path == "model.atome" }).bytes
      let body = try JSONSerialization.jsonObject(with: Data(try Self.text("provenance.json", of: bundle).utf8))
      let statement = try #require(body as? [String: Any])
      #expect(statement["_type"] as? String == "https://in-toto.io/Statement/v1")
      #expect(statement["predicateType"] as? String == "https://slsa.dev/provenance/v1")
      let subject = try #require((statement["subject"] as? [[String: Any]])?.first)
      #expect(subject["digest"] as? [String: String] == ["sha256": ContentID(of: image).hex])
      let predicate = try #require(statement["predicate"] as? [String: Any])
      let build = try #require(predicate["buildDefinition"] as? [String: Any])
      #expect(build["buildType"] is String && build["externalParameters"] is [String: Any])
      let names = try #require(build["resolvedDependencies"] as? [[String: Any]]).compactMap { $0["name"] as? String }
      #expect(Set(names).isSuperset(of: ["answers", "recipe/recipe.yaml", "teacher thermostat"]), "\(names)")
      let details = try #require(predicate["runDetails"] as? [String: Any])
      #expect((details["builder"] as? [String: Any])?["id"] is String)

      #expect(try await runTool("tar", ["xf", path], in: folder).status == 0)
      let unpacked = "\(folder)/\(bundle.folderName)"
      let formats = [
        ("transcript.json", "transcript of a verification"), ("provenance.json", "provenance"),
        ("receipts.json", "receipts of a bundle"), ("manifest.json", "manifest of a bundle"),
        ("report.json", "verification report"),
      ]
      for (name, format) in formats {
        let shown = try await project("inspect \(unpacked)/\(name) --json")
        #expect(shown.status == 0, "\(shown)")
        #expect(try shown.json()["format"] as? String == format)
      }
      try AtomicFile.write("{\"a\": [", to: "\(folder)/cut.json")
      #expect(try await project("inspect \(folder)/cut.json").status == 65)
    }
  }

  @Test("a bundle is made again, and a changed answer is found at the first step that it touches", .needsEmulator)
  func rebuilt() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let (path, _) = try await Self.made(project)
      let plan = try await project("verify \(path) --rebuild --dry-run --json")
      let planned = try plan.json()["verdict"] as? String
      #expect(plan.status == 0 && planned == "planned", "\(plan)")
      let again = try await project("verify \(path) --rebuild --json")
      #expect(again.status == 0, "\(again)")
      let body = try again.json()
      #expect(body["verdict"] as? String == "equal" && (body["steps"] as? [Any])?.count == 5)
      let script =
        "import sqlite3,sys;d=sqlite3.connect(sys.argv[1]);"
        + "d.execute(\"update answer set text = text || 'x' where rowid = (select min(rowid) from answer)\");d.commit()"
      let changed = try await runTool("python3", ["-c", script, project.path("ledger.sqlite")], in: folder)
      #expect(changed.status == 0, "\(changed.messages)")
      let other = try await project("verify \(path) --rebuild --quiet")
      #expect(other.status == 1 && other.standardError.contains("is the first step that differs"), "\(other)")
    }
  }
}
