import Basics
import Formats
import Foundation
import Lineage

/// A corpus as it stands in `Corpora/<name>/`: recipe and evidence, no bulk data.
public struct CorpusFolder: Sendable {
  public var name: String
  public var path: String
  public var recipe: Recipe
  /// What each list of the recipe gives to prompts.
  public var lists: [String: PromptList]
  /// What answers in JSON must be; nil where they are texts.
  public var format: AnswerFormat?
  /// The words of every list.
  public var words: [String: [String]] { lists.mapValues(\.texts) }
  /// Requests that a student should refuse, by the set of questions that they make.
  public var refusalRequests: [QuestionSet: [String]]

  /// The corpora of a project, by name.
  public static func names(in folders: ProjectFolders) throws -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folders.corpora)) ?? []
    // A hidden one is a corpus that is being made, or whose making was killed.
    return entries.filter {
      !$0.hasPrefix(".") && FileManager.default.fileExists(atPath: "\(folders.corpora)/\($0)/recipe.yaml")
    }.sorted()
  }

  /// Reads and checks a corpus's recipe.
  /// - Throws: `HintedError` for an unknown name, with the one that was probably meant.
  public static func open(_ name: String, in folders: ProjectFolders) throws -> CorpusFolder {
    let known = try names(in: folders)
    guard known.contains(name) else {
      let near = EditDistance.nearest(to: name, in: known).map { "did you mean '\($0)'? " } ?? ""
      throw HintedError(
        "there is no corpus named '\(name)' in \(folders.corpora)",
        hint: known.isEmpty
          ? "`alambic new \(name)` makes it" : "\(near)corpora: \(known.joined(separator: ", "))", status: .usage)
    }
    let path = "\(folders.corpora)/\(name)"
    let loaded = try RecipeFile.read("\(path)/recipe.yaml")
    return CorpusFolder(
      name: name, path: path, recipe: loaded.recipe, lists: loaded.lists, format: loaded.format,
      refusalRequests: loaded.refusalRequests)
  }

  /// The files about a corpus that a bundle names by themselves.
  static let evidenceNames = ["DATASHEET.md", "LICENSES.md"]

  /// The datasheet or the licences.
  func evidence(_ fileName: String) throws -> [UInt8] { try AtomicFile.read("\(path)/\(fileName)") }

  /// Every file of the corpus, sorted by path; what is hidden is left out.
  func files() throws -> [BundleFile] {
    let root = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard let names = FileManager.default.enumerator(atPath: root) else {
      throw HintedError("cannot read the folder \(path)")
    }
    var files: [BundleFile] = []
    for case let name as String in names where !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: "\(root)/\(name)", isDirectory: &isFolder), !isFolder.boolValue
      else { continue }
      files.append(BundleFile(path: name, bytes: try AtomicFile.read("\(root)/\(name)")))
    }
    return files.sorted { $0.path < $1.path }
  }
}
