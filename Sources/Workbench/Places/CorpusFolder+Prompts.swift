import Basics
import Lineage
import Prompting

extension CorpusFolder {
  /// The teachers that the recipe asks, in its order.
  /// - Parameter endpoint: asks the one teacher there instead.
  /// - Throws: `HintedError` for a corpus that asks none, and for one that is unknown.
  func teachers(in folders: ProjectFolders, endpoint: String? = nil) throws -> [TeacherAccess] {
    guard let first = recipe.teacher else {
      throw HintedError("\(name) asks no teacher", hint: "its text comes from `source`", status: .usage)
    }
    let names = recipe.teachers?.map(\.word) ?? [first]
    guard endpoint == nil || names.count == 1 else {
      throw HintedError(
        "--endpoint is for one teacher, and \(name) asks \(names.joined(separator: ", "))",
        hint: "write the address into a profile of its own", status: .usage)
    }
    return try names.map { try TeacherAccess(named: $0, in: folders, endpoint: endpoint) }
  }

  /// What makes the recipe's prompts.
  func expander(for teachers: [TeacherAccess]) throws -> PromptExpander {
    let weights = Dictionary(uniqueKeysWithValues: (recipe.teachers ?? []).map { ($0.word, $0.weight) })
    return try PromptExpander(
      recipe: recipe, lists: lists, format: format,
      teachers: teachers.map { access in
        PromptTeacher(
          name: access.profile.name, weight: weights[access.profile.name] ?? PromptWord.usualWeight,
          sampling: access.profile.sampling)
      })
  }
}

extension [TeacherAccess] {
  /// What their terms say of their outputs, by the teacher's name.
  var licenses: [String: String] {
    Dictionary(map { ($0.profile.name, $0.profile.outputsLicense) }) { first, _ in first }
  }
}
