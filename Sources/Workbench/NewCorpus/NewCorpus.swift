import Basics
import Formats
import Foundation
import Lineage
import Prompting

/// Makes a corpus's folder: the only thing that Alambic ever writes into a project.
public struct NewCorpus: Sendable {
  /// What was made.
  public struct Made: Sendable {
    public var folder: String
    /// Paths in it.
    public var files: [String]
    /// The first prompts, as they would be sent.
    public var prompts: [Prompt]
    public var promptCount: Int
  }

  public static let shownPromptCount = 3

  private let folders: ProjectFolders

  public init(in folders: ProjectFolders) { self.folders = folders }

  /// Before anything is asked of a person or paid to a teacher.
  /// - Throws: `HintedError` for a name that no corpus can have, or that one has.
  public func check(name: String) throws {
    guard Recipe.isName(name) else {
      throw HintedError("'\(name)' is not a name for a corpus", hint: Recipe.nameRule, status: .usage)
    }
    guard !Self.isTaken(path(name)) else {
      throw HintedError(
        "\(path(name)) is there already, and nothing in it was touched",
        hint: "choose another name, or edit \(path(name))/recipe.yaml", status: .usage)
    }
  }

  /// Writes the folder and reads it back as `ask` would, before it gets its name: all of it is there, or nothing.
  public func make(_ draft: CorpusDraft) throws -> Made {
    try check(name: draft.name)
    let access = try TeacherAccess(named: draft.teacher, in: folders)
    let (temporary, end) = try UnfinishedFiles.makeFolder(for: path(draft.name))
    defer {
      try? FileManager.default.removeItem(atPath: temporary)
      end()
    }
    let files = draft.files(teacher: access.profile)
    for file in files { try AtomicFile.write(file.text, to: "\(temporary)/\(file.path)") }
    if let manual = draft.manual {
      try AtomicFile.write(try AtomicFile.read(manual.path), to: "\(temporary)/\(manual.fileName)")
    }
    let prompts: [Prompt]
    do {
      let loaded = try RecipeFile.read("\(temporary)/recipe.yaml")
      prompts = try PromptExpander(
        recipe: loaded.recipe, lists: loaded.lists, format: loaded.format,
        teachers: [PromptTeacher(name: draft.teacher, sampling: access.profile.sampling)]
      ).prompts()
    } catch let error as HintedError {
      // What is wrong is the author's file, not its copy, which is gone in a moment.
      let manual = draft.manual.map { ("\(temporary)/\($0.fileName)", $0.path) } ?? (temporary, path(draft.name))
      throw HintedError(
        error.message.replacing(manual.0, with: manual.1).replacing(temporary, with: path(draft.name)),
        hint: error.hint, status: error.status)
    }
    try name(temporary, as: draft.name)
    return Made(
      folder: path(draft.name), files: files.map(\.path) + [draft.manual?.fileName].compactMap(\.self),
      prompts: Array(prompts.prefix(Self.shownPromptCount)),
      promptCount: prompts.count)
  }

  /// A file of a draft's, as a corpus's folder can hold it.
  /// - Throws: `HintedError` for one that is missing, or would be taken for another file of the corpus.
  public func checked(manual: CorpusDraft.Manual) throws -> CorpusDraft.Manual {
    _ = try AtomicFile.read(manual.path)
    guard !["DATASHEET.md", "LICENSES.md"].contains(manual.fileName), !manual.fileName.hasPrefix(".") else {
      throw HintedError(
        "a corpus has a \(manual.fileName) of its own", hint: "give the file another name", status: .usage)
    }
    return manual
  }

  private func path(_ name: String) -> String { "\(folders.corpora)/\(name)" }

  /// `fileExists` follows links: a broken one is taken, too.
  private static func isTaken(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: path)) != nil
  }

  private func name(_ temporary: String, as name: String) throws {
    do {
      // It refuses to move onto what is there.
      try FileManager.default.moveItem(atPath: temporary, toPath: path(name))
    } catch {
      try check(name: name)
      throw HintedError("cannot make \(path(name)): \(error.localizedDescription)", status: .unavailable)
    }
  }
}

extension CorpusDraft.Manual {
  /// In the corpus's folder.
  var fileName: String { URL(fileURLWithPath: path).lastPathComponent }
}
