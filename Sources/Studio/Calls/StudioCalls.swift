import Basics
import Foundation
import Lineage
import Workbench

/// What the page can ask for, by name: a JSON object in, one out.
struct StudioCalls: Sendable {
  let workbench: Workbench

  func answer(_ name: String, _ body: [UInt8]) async throws -> [UInt8] {
    switch name {
    case "corpora": try encoded(corpora())
    case "texts": try await encoded(texts(try decoded(body)))
    case "choices": try encoded(choices(try decoded(body)))
    case "diversity": try await encoded(diversity(try decoded(body)))
    case "decide": try await encoded(decide(try decoded(body)))
    case "undo": try await encoded(undo(try decoded(body)))
    case "evaluation": try encoded(evaluation(try decoded(body)))
    case "runs": try encoded(runs())
    case "talk": try await encoded(talk(try decoded(body)))
    default: throw StudioRefusal(404, "there is no call of this name")
    }
  }

  /// Of calls that need no more.
  struct CorpusRequest: Decodable {
    var corpus: String
  }

  private func encoded(_ value: some Encodable) throws -> [UInt8] { try CanonicalJSON.encode(value) }

  private func decoded<Value: Decodable>(_ body: [UInt8]) throws -> Value {
    do {
      return try CanonicalJSON.decode(Value.self, from: body, named: "the request")
    } catch let error as HintedError {
      throw StudioRefusal(400, error.message)
    }
  }
}

// MARK: - Corpora

extension StudioCalls {
  struct Corpora: Encodable {
    struct Entry: Encodable {
      var name: String
      var description: String
    }
    var corpora: [Entry]
    /// What a text can be refused for.
    var reasons = RejectionReason.allCases
  }

  private func hasDocuments(_ corpus: String) -> Bool {
    FileManager.default.fileExists(atPath: workbench.workspace.documentsFile(corpus))
  }

  func corpora() throws -> Corpora {
    let entries = try CorpusFolder.names(in: workbench.folders).compactMap { name in
      // One recipe that cannot be read hides no other corpus.
      (try? CorpusFolder.open(name, in: workbench.folders)).map {
        Corpora.Entry(name: name, description: $0.recipe.description)
      }
    }
    guard !entries.isEmpty else {
      throw StudioRefusal.nothingYet("This project has no corpus yet.", command: "alambic new NAME")
    }
    // The page opens the first, which should have something to show.
    let shown = entries.filter { hasDocuments($0.name) }
    return Corpora(corpora: shown + entries.filter { !hasDocuments($0.name) })
  }
}
