import Basics
import Ledger
import Lineage
import Prompting

/// Takes answers of some origin out of a corpus, and back in.
public struct RemovalDesk: Sendable {
  public let corpus: String
  private let folder: CorpusFolder
  private let folders: ProjectFolders
  private let ledger: Ledger

  init(_ folder: CorpusFolder, _ folders: ProjectFolders, _ ledger: Ledger) {
    (corpus, self.folder, self.folders, self.ledger) = (folder.name, folder, folders, ledger)
  }

  public func all() throws -> [Removal] { try ledger.removals(of: corpus) }

  /// Orders a removal, unless it stands already.
  /// - Throws: `HintedError` for a list that the recipe does not have, and a word that none of its prompts took.
  public func order(_ removal: Removal) async throws {
    try check(removal)
    let stands = try ledger.standingRemovals(of: corpus).contains { $0.condition == removal.condition }
    if !stands { try await ledger.record(removal: removal) }
  }

  /// - Throws: `HintedError` where no such removal stands.
  public func undo(list: String, word: String) async throws {
    guard try await ledger.undoRemovals(of: corpus, list: list, word: word) > 0 else {
      throw HintedError(
        "no removal \(list)=\(word) stands", hint: "`alambic corpus remove \(corpus) --list` shows those that do",
        status: .usage)
    }
  }

  /// A name that nothing has would remove nothing, in silence. What a model calls itself is known to nobody beforehand.
  private func check(_ removal: Removal) throws {
    guard removal.list != Removal.model else { return }
    guard folder.recipe.source == nil else {
      throw HintedError("\(corpus) is a text that was fetched; no prompt stands behind it", status: .usage)
    }
    let teachers = try folder.teachers(in: folders)
    var words: [String: Set<String>] = [Removal.license: Set(teachers.licenses.values)]
    for prompt in try folder.expander(for: teachers).prompts() {
      for (list, word) in prompt.labels { words[list, default: []].insert(word) }
    }
    guard let known = words[removal.list] else {
      let names = (words.keys + [Removal.model]).sorted()
      throw HintedError(
        "\(corpus) has no list '\(removal.list)'", hint: "there are \(names.joined(separator: ", "))", status: .usage)
    }
    guard known.contains(where: removal.takes) else {
      let near = EditDistance.nearest(to: removal.word, in: known.sorted())
      throw HintedError(
        removal.list == Removal.license
          ? "no teacher of \(corpus) has \(removal.condition)" : "no prompt of \(corpus) has \(removal.condition)",
        hint: near.map { "did you mean '\($0)'?" } ?? "its words: \(known.sorted().prefix(8).joined(separator: ", "))",
        status: .usage)
    }
  }
}

extension Workbench {
  /// - Throws: `HintedError` for a corpus that there is not.
  public func removals(_ corpus: String) throws -> RemovalDesk {
    RemovalDesk(try CorpusFolder.open(corpus, in: folders), folders, ledger)
  }
}
