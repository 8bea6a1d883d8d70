import Basics
import Ledger
import Lineage
import Prompting

/// Which word of a list each answer's prompt took: the way from a document back to its prompt's label.
struct SampleLabels: Sendable {
  /// A list's name, or one of `PromptLabel`.
  let list: String
  let expander: PromptExpander
  let ledger: Ledger

  /// - Returns: labels by sample. A document that several prompts brought has the label of the first; an answer to a
  ///   prompt that the recipe no longer makes has none.
  func labels(of documents: [Document]) async throws -> [ContentID: String] {
    let byPrompt = Dictionary(try expander.prompts().map { ($0.id, $0.labels[list]) }) { first, _ in first }
    var labels: [ContentID: String] = [:]
    for id in Set(documents.map(\.sampleID)) {
      guard let request = try await ledger.request(sampleID: id) else { continue }
      labels[id] = byPrompt[request.promptID] ?? nil
    }
    return labels
  }
}
