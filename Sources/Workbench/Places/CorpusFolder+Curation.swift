import Basics
import Curation
import Foundation
import Intake
import Lineage

extension CorpusFolder {
  /// How the corpus is curated, with the texts that it must share nothing with.
  /// - Throws: `HintedError` for a file of such texts that cannot be read.
  func curationSettings() throws -> CurationSettings {
    var settings = try CurationSettings(recipe)
    let references = try recipe.curation.against.flatMap(texts)
    if !references.isEmpty { settings.contamination = try ContaminationIndex(references) }
    return settings
  }

  private var exampleLists: [String] {
    (recipe.prompting?.lists ?? [:]).filter { if case .examples = $0.value { true } else { false } }.keys.sorted()
  }

  private func texts(of reference: Recipe.Reference) throws -> [ReferenceText] {
    switch reference {
    case .examples:
      exampleLists.flatMap { name in
        // Several stand in a word, with blank lines between them, and each in several words.
        var seen: Set<String> = []
        let examples = (lists[name]?.texts ?? []).flatMap { $0.components(separatedBy: "\n\n") }
        return examples.filter { seen.insert($0).inserted }.enumerated().map {
          ReferenceText(origin: "\(name) \($0 + 1)", text: $1)
        }
      }
    case .judges:
      [
        recipe.judge.map { ReferenceText(origin: "judge.prompt", text: $0.prompt.source) },
        recipe.task.examination?.teacher.map { ReferenceText(origin: "task.teacher.prompt", text: $0.prompt.source) },
      ].compactMap(\.self)
    case .questions:
      refusalRequests.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { set, requests in
        requests.enumerated().map { ReferenceText(origin: "\(set.rawValue) \($0 + 1)", text: $1) }
      }
    case .file(let name, let field):
      try ReferenceText.read("\(path)/\(name)", separator: .line, template: TextTemplate(field ?? "text"), named: name)
    }
  }
}
