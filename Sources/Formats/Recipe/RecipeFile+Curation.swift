import Basics
import Lineage

extension YAMLValue {
  /// A student is measured on what is held out, so there must be some: found out before anything is asked and paid.
  fileprivate func heldOutFraction() throws -> Double {
    let share = try number(in: 0...1, isHalfOpen: true)
    guard share > 0 else {
      throw place.error("is 0, which leaves nothing to measure a student on", hint: "0.1 is the default")
    }
    guard share <= 0.9 else {
      throw place.error("is \(share), which leaves too little to train on", hint: "0.9 is the most; 0.1 is the default")
    }
    return share
  }

  /// The keys of `curation`; what a preset says counts where the recipe says nothing.
  /// - Parameter defaults: count where there is no preset.
  func curation(_ defaults: Recipe.Curation) throws -> Recipe.Curation {
    var mapping = try mapping()
    let defaults = try mapping.optional("preset")?.choice(Recipe.CurationPreset.self).curation ?? defaults
    var curation = Recipe.Curation(
      documentSeparator: try mapping.optional("documentSeparator")?.choice(Recipe.DocumentSeparator.self)
        ?? defaults.documentSeparator,
      characters: try mapping.optional("characters")?.choice(Recipe.Characters.self) ?? defaults.characters,
      minimumByteCount: try mapping.optional("minimumByteCount")?.integer(in: 1...1_000_000)
        ?? defaults.minimumByteCount,
      maximumByteCount: try mapping.optional("maximumByteCount")?.integer(in: 1...Document.byteLimit)
        ?? defaults.maximumByteCount,
      truncated: try mapping.optional("truncated")?.choice(Recipe.Truncated.self) ?? defaults.truncated,
      heldOutFraction: try mapping.optional("heldOutFraction")?.heldOutFraction()
        ?? defaults.heldOutFraction)
    try mapping.readFilters(into: &curation, defaults)
    try mapping.readNearDuplicates(into: &curation, defaults)
    curation.splitBy = try mapping.optional("splitBy")?.text()
    curation.against = try mapping.optional("against")?.items().map { try $0.reference() } ?? []
    try mapping.finish()
    guard curation.minimumByteCount <= curation.maximumByteCount else {
      throw place.error(
        "has minimumByteCount \(curation.minimumByteCount) above maximumByteCount \(curation.maximumByteCount)")
    }
    return curation
  }

  /// `examples`, `judges`, `questions`, a file, or a file with a field.
  private func reference() throws -> Recipe.Reference {
    if isMapping {
      var mapping = try mapping()
      let reference = Recipe.Reference.file(
        try mapping.required("file").relativePath(), field: try mapping.optional("field")?.text())
      try mapping.finish()
      return reference
    }
    switch try text() {
    case "examples": return .examples
    case "judges": return .judges
    case "questions": return .questions
    default: return .file(try relativePath(), field: nil)
    }
  }
}

extension YAMLMapping {
  fileprivate mutating func readFilters(into curation: inout Recipe.Curation, _ defaults: Recipe.Curation) throws {
    curation.accept = try optional("accept")?.texts() ?? []
    curation.reject = try optional("reject")?.texts() ?? []
    curation.blocklist = try optional("blocklist")?.texts() ?? []
    curation.refuse =
      try optional("refuse")?.items(mayBeEmpty: true).map { try $0.choice(Recipe.Refused.self) } ?? defaults.refuse
    curation.scripts = try optional("scripts")?.items().map { try $0.choice(Recipe.Script.self) } ?? []
    curation.openingShare = try optional("openingShare")?.number(in: 0.001...1)
    curation.sharedPart = try optional("sharedPart")?.integer(in: 16...1_000_000)
  }

  fileprivate mutating func readNearDuplicates(
    into curation: inout Recipe.Curation, _ defaults: Recipe.Curation
  ) throws {
    (curation.nearDuplicates, curation.keepsNearDuplicates) = (defaults.nearDuplicates, defaults.keepsNearDuplicates)
    if let near = optional("nearDuplicates") {
      curation.nearDuplicates = try near.similarity()
      curation.keepsNearDuplicates = curation.keepsNearDuplicates && curation.nearDuplicates != nil
    }
    guard let keep = optional("keepNearDuplicates") else { return }
    curation.keepsNearDuplicates = try keep.boolean()
    guard curation.nearDuplicates != nil else {
      throw keep.place.error("says what becomes of near duplicates, but nearDuplicates does not say what they are")
    }
  }
}

extension RecipeFile {
  /// Documents are told apart by what their prompts or they themselves have in common.
  static func checkSplit(of recipe: Recipe, at place: YAMLPlace) throws {
    guard let key = recipe.curation.splitBy else { return }
    guard key != Recipe.Curation.requestKey else {
      guard recipe.task.reply == nil else { return }
      throw place.error(
        "has `curation.splitBy: request`, but lacks the key 'task.reply'", hint: "say where a document's reply begins")
    }
    guard let lists = recipe.prompting?.lists else {
      throw place.error("has `curation.splitBy: \(key)`, but its texts come from no prompts")
    }
    let words =
      [Recipe.Curation.promptKey, PromptLabel.template] + (recipe.teachers == nil ? [] : [PromptLabel.teacher])
    guard lists[key] == nil, !words.contains(key) else { return }
    let known = lists.keys.sorted() + words + [Recipe.Curation.requestKey]
    throw place.error(
      "names '\(key)' in curation.splitBy, but prompting.lists has no such list",
      hint: EditDistance.nearest(to: key, in: known).map { "did you mean '\($0)'?" }
        ?? "one of: \(known.joined(separator: ", "))")
  }
}
