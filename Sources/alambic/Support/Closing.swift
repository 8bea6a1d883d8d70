import Basics
import Conversation
import Formats
import Lineage
import Workbench

/// How `make` ends: the student's own words, what was proven, what was sealed, and the command to try next.
struct Closing {
  private var sections: [String] = []

  var text: String { sections.joined(separator: "\n\n") }

  init(receipts: [StageName: Receipt], corpus: String, workspace: Workspace) async throws {
    let heldOut = try receipts[.export].map { _ in
      try RecordFile.read(Document.self, workspace.documentsFile(corpus)).filter { $0.split == .heldOut }
    }
    if let heldOut { sections.append(try await Self.speech(workspace.image(corpus), heldOut)) }
    if let score = receipts[.evaluate]?.outputs.first(where: { $0.kind == .score })?.path.map(workspace.absolute) {
      sections.append(
        "Wholly right, in per cent:\n\n"
          + Self.indented(ScoreTable.text(try Score(reading: try AtomicFile.read(score), name: score))))
    }
    if let verified = receipts[.verify] { sections.append("verified  \(verified.summary)") }
    if let bundle = receipts[.ship]?.outputs.first {
      sections.append("bundle    \(workspace.absolute(bundle.path ?? ""))\n          \(bundle.id)")
    }
    if let heldOut {
      sections.append("next      alambic talk \(workspace.image(corpus)) \(Self.question(heldOut.first))")
    }
  }

  /// Three held-out beginnings, continued by the student to the end of a document.
  private static func speech(_ image: String, _ heldOut: [Document]) async throws -> String {
    let loaded = try LoadedImage(path: image)
    let talker = Talker(model: loaded, context: loaded.defaultContext, place: .host(.c))
    var lines = ["The student, continuing beginnings that it has never read:"]
    for document in heldOut.prefix(3) {
      let prompt = beginning(of: document.text)
      let answer = try await talker.answer(
        Array(prompt.utf8), AnswerRequest(byteCount: 96, stops: [Document.separatorByte]))
      lines.append("\n" + indented(prompt + "│" + answer.text))
    }
    return lines.joined(separator: "\n")
  }

  /// Options that ask what a held-out document asks, as bash takes them.
  private static func question(_ document: Document?) -> String {
    if let request = document.flatMap({ DialogueMarks().request(of: $0.text) }) {
      return "--dialogue --prompt '\(request.replacing("'", with: "'\\''"))'"
    }
    let prompt = (document.map { beginning(of: $0.text) } ?? "…").replacing("\\", with: "\\\\")
      .replacing("'", with: "\\'").replacing("\n", with: "\\n")
    return "--prompt $'\(prompt)' --stop"
  }

  /// The first line with its end, or the first words of a text of one line.
  private static func beginning(of text: String) -> String {
    if let end = text.firstIndex(of: "\n"), text.distance(from: text.startIndex, to: end) <= 64 {
      return String(text[...end])
    }
    return String(text.prefix(24))
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    \($0)" }
      .joined(separator: "\n")
  }
}
