import Basics
import Lineage
import Prompting

/// A piece of a file that a prompt holds.
struct PromptPiece: Sendable {
  var list: String
  /// The file below the corpus's folder, and the lines in it.
  var place: String
  var text: String
}

extension Workbench {
  /// What the prompts of a corpus are made of, as its recipe makes them today: a prompt that it made before an edit,
  /// and no longer makes, has no place in the files of now.
  func pieces(of corpus: String) throws -> [ContentID: [PromptPiece]] {
    let folder = try CorpusFolder.open(corpus, in: folders)
    let names = (folder.recipe.prompting?.lists ?? [:]).filter(\.value.isOfPieces).keys.sorted()
    guard !names.isEmpty else { return [:] }
    let prompts = try folder.expander(for: folder.teachers(in: folders)).prompts()
    let words = folder.lists.mapValues { list in Dictionary(grouping: list.words, by: \.label) }
    return Dictionary(
      prompts.map { prompt in
        let question = prompt.messages.last?.content ?? ""
        let pieces = names.compactMap { name -> PromptPiece? in
          // A long record is several pieces of one place.
          guard let place = prompt.labels[name],
            let word = words[name]?[place]?.first(where: { question.contains($0.text) })
          else { return nil }
          return PromptPiece(list: name, place: place, text: word.text)
        }
        return (prompt.id, pieces)
      }
    ) { first, _ in first }
  }
}
