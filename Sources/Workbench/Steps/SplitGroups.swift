import Basics
import Evaluation
import Lineage
import Prompting

/// What documents have in common that lie on one side of the split: their prompt's words, the word that a list gave to
/// it, or their request.
struct SplitGroups: Sendable {
  /// As the recipe's `curation.splitBy` says.
  let key: String
  /// Nil where the key is `request`.
  let prompts: PromptStream?
  /// Where a request ends.
  let boundary: ReplyBoundary?

  /// What decides the groups, beside the documents.
  func settings() throws -> [String: String] {
    var ids = ContentIDListHasher()
    try forEachPrompt { ids.append(ContentID(of: "\($0.id) \(group(of: $0) ?? "")")) }
    return ["splitBy": key, "splitGroups": ids.id.description]
  }

  /// The groups of samples, by their ids.
  func groups(of samples: [Sample]) throws -> [ContentID: String] {
    var byPrompt: [ContentID: String] = [:]
    try forEachPrompt { byPrompt[$0.id] = group(of: $0) }
    return Dictionary(
      samples.compactMap { sample in byPrompt[sample.promptID].map { (sample.id, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// - Parameter bySample: what `groups(of:)` gave.
  func group(of document: Document, _ bySample: [ContentID: String]) -> String? {
    guard let boundary else { return bySample[document.sampleID] }
    return Example(text: document.text, boundary: boundary)?.request
  }

  /// Prompts of one text are one, however often they are asked.
  private func group(of prompt: Prompt) -> String? {
    key == Recipe.Curation.promptKey ? prompt.text : prompt.labels[key]
  }

  private func forEachPrompt(_ body: (Prompt) throws -> Void) throws {
    guard let prompts else { return }
    var cursor = prompts.cursor()
    while let prompt = try cursor.take(1).first { try body(prompt) }
  }
}

extension CorpusFolder {
  /// Nil where documents are split by their texts.
  func splitGroups(in folders: ProjectFolders) throws -> SplitGroups? {
    guard let key = recipe.curation.splitBy else { return nil }
    guard key != Recipe.Curation.requestKey else {
      return SplitGroups(key: key, prompts: nil, boundary: recipe.task.reply)
    }
    return SplitGroups(key: key, prompts: try expander(for: teachers(in: folders)).stream, boundary: nil)
  }
}
