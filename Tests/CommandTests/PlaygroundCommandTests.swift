import Basics
import Firmware
import Formats
import Foundation
import Networks
import TestSupport
import Testing

/// The page in a real browser, from its file: what it says is what `talk` says.
@Suite("alambic export --playground")
struct PlaygroundCommandTests {
  static let browser = ["chromium", "chromium-browser"].first(where: Toolbox().contains)
  static let isPossible = browser != nil && WebAssemblyModule.requiredTools.allSatisfy(Toolbox().contains)

  /// The document after its scripts have run.
  private func document(_ page: String, _ fragment: String, in folder: String) async throws -> String {
    let address = URL(fileURLWithPath: page).absoluteString + fragment
    let result = try await runTool(
      try #require(Self.browser),
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--user-data-dir=\(folder)/profile", "--virtual-time-budget=20000", "--dump-dom", address,
      ], in: folder)
    return String(decoding: result.output, as: UTF8.self)
  }

  private func text(_ id: String, in document: String) -> String? {
    guard let start = document.range(of: "id=\"\(id)\">") else { return nil }
    let rest = document[start.upperBound...]
    return rest.range(of: "</pre>").map { String(rest[..<$0.lowerBound]) }
  }

  @Test(
    "it talks from its file as `talk` does, and holds all that it needs",
    .enabled(if: isPossible, "needs chromium, clang and wasm-ld"))
  func talks() async throws {
    try await withTemporaryFolder { folder in
      let image = AtomeImageFile.write(
        RandomModel.make(seed: 5, shape: RandomModel.small), provenance: nil)
      try AtomicFile.write(image, to: "\(folder)/model.atome")
      let alambic = AlambicCommand(in: folder)
      let made = try await alambic.run(
        ["export", "model.atome", "--playground", "page.html", "--frame", "> {}\\n", "--json"])
      #expect(made.status == 0, "\(made)")
      let page = String(decoding: try AtomicFile.read("\(folder)/page.html"), as: UTF8.self)
      for outside in ["http://", "https://", "src=", "url(", "@import", "fetch("] {
        #expect(!page.contains(outside), "\(outside)")
      }
      #expect(!page.contains("{{"))

      let document = try await document("\(folder)/page.html", "#say=is%20it%20warm", in: folder)
      let shown = try #require(text("text", in: document))
      #expect(shown.hasPrefix("<span class=\"asked\">&gt; is it warm\n</span>"), "\(shown.prefix(80))")
      #expect(document.contains("data-is-done="))
      #expect(document.components(separatedBy: "class=\"token\"").count > 20)

      let talk = try await alambic.run(
        ["talk", "model.atome", "--prompt", "> is it warm\n", "--bytes", "200", "--json"])
      let answer = try talk.json()
      let said = try #require(answer["text"] as? String)
      let plain = shown.dropFirst("<span class=\"asked\">&gt; is it warm\n</span>".count)
        .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
      #expect(said.utf8.count > 40 && document.contains("First token after "))
      #expect(Array(said.utf8.prefix(40)) == Array(String(plain).utf8.prefix(40)))
    }
  }

  @Test("a classifier's page says labels", .enabled(if: isPossible, "needs chromium, clang and wasm-ld"))
  func classifies() async throws {
    try await withTemporaryFolder { folder in
      let image = try AtomicFile.read("\(PackageRoot.path)/Tests/TestSupport/Goldens/classifier.atome")
      try AtomicFile.write(image, to: "\(folder)/c.atome")
      let alambic = AlambicCommand(in: folder)
      let made = try await alambic("export c.atome --playground page.html --json")
      #expect(made.status == 0, "\(made)")
      var labels: Set<String> = []
      for text in ["is it warm", "a", "set the hall to 19", ""] {
        let words = text.replacing(" ", with: "%20")
        let document = try await document("\(folder)/page.html", "#say=\(words)", in: folder)
        let asked = try await alambic.run(["classify", "c.atome", "--prompt", text, "--json"]).json()
        let label = try #require(asked["isRefused"] as? Bool) ? "none of these" : asked["label"] as? String ?? ""
        let shown = try #require(self.text("text", in: document))
        #expect(shown == "<span class=\"asked\">\(text)\n</span>\(label)")
        #expect(document.contains("data-is-done=\"label\"") && document.contains(">Text to classify</label>"))
        // The likeliest label stands first, with its share.
        let share = try #require((asked["shares"] as? [String: Double])?.values.max())
        let percent = String(format: share < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * share)
        #expect(document.contains("<td>\(percent)</td>"), "\(percent)")
        labels.insert(label)
      }
      #expect(labels.count >= 2, "\(labels)")
      #expect(try await alambic("export c.atome --playground p.html --frame {}").status == 64)
    }
  }

  @Test("options that do not fit together, and what is no image")
  func misuse() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      let image = AtomeImageFile.write(RandomModel.make(seed: 5, shape: RandomModel.small), provenance: nil)
      try AtomicFile.write(image, to: "\(folder)/model.atome")
      try AtomicFile.write("no image", to: "\(folder)/text.atome")
      #expect(try await alambic("export model.atome --playground p.html --out x.atome").status == 64)
      #expect(try await alambic("export model.atome --playground p.html --frame none").status == 64)
      #expect(try await alambic("export model.atome --out x.atome --frame {}").status == 64)
      #expect(try await alambic("export text.atome --playground p.html").status == 65)
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/p.html"))
    }
  }
}
