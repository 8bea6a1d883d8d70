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
      throw HintedError("'\(name)' is no corpus's name", hint: Recipe.nameRule, status: .usage)
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
    let temporary = "\(folders.corpora)/.\(draft.name).\(UUID().uuidString).partial"
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    let files = draft.files(teacher: access.profile)
    for file in files { try AtomicFile.write(file.text, to: "\(temporary)/\(file.path)") }
    let loaded = try RecipeFile.read("\(temporary)/recipe.yaml")
    let expander = try PromptExpander(
      recipe: loaded.recipe, lists: loaded.lists, teacherSampling: access.profile.sampling)
    let prompts = try expander.prompts()
    try name(temporary, as: draft.name)
    return Made(
      folder: path(draft.name), files: files.map(\.path), prompts: Array(prompts.prefix(Self.shownPromptCount)),
      promptCount: prompts.count)
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
