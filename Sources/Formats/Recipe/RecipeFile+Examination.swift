import Basics
import Lineage

extension YAMLMapping {
  /// The keys of `task` that evaluation reads; nil where none of them is there.
  mutating func examination() throws -> Recipe.Examination? {
    let values = ["slots", "teacher", "questions", "offTopic", "outOfRange", "refusals", "label"].map { optional($0) }
    guard let judge = optional("judge") else {
      // The key that is there says what is missing; with none of them there is no examination.
      guard values.contains(where: { $0 != nil }) else { return nil }
      throw place.error("says how answers are judged, but lacks the key 'judge'")
    }
    let examination = Recipe.Examination(
      judge: try judge.choice(Recipe.Examination.Judge.self), slots: try optional("slots")?.texts() ?? [],
      teacher: try optional("teacher")?.judgingTeacher(),
      questionCount: try optional("questions")?.integer(in: 1...1_000_000) ?? 1000,
      offTopic: try optional("offTopic")?.wordList(), outOfRange: try optional("outOfRange")?.wordList(),
      refusals: try optional("refusals")?.texts() ?? [], label: try optional("label")?.text())
    try check(examination, judge: judge.place)
    return examination
  }

  /// Each judge has what it needs, and nothing that it would pass over.
  private func check(_ examination: Recipe.Examination, judge place: YAMLPlace) throws {
    let name = examination.judge.rawValue
    if (examination.judge == .slots) == examination.slots.isEmpty {
      throw place.error("is '\(name)'", hint: "the judge 'slots', and no other, takes the key 'slots'")
    }
    if (examination.judge == .teacher) == (examination.teacher == nil) {
      throw place.error("is '\(name)'", hint: "the judge 'teacher', and no other, takes the key 'teacher'")
    }
    if examination.judge == .grammar, examination.label != nil {
      throw place.error("is 'grammar', whose labels are its own", hint: "leave `label` out")
    }
    let isBlind = examination.judge == .exact || examination.judge == .slots
    let hasRefusals = examination.offTopic != nil || examination.outOfRange != nil
    if isBlind, hasRefusals, examination.refusals.isEmpty {
      throw place.error(
        "is '\(name)', which knows a refusal only by its beginning", hint: "add `refusals: [\"Sorry\", …]`")
    }
  }
}

extension YAMLValue {
  fileprivate func judgingTeacher() throws -> Recipe.Examination.JudgingTeacher {
    var mapping = try mapping()
    let name = try mapping.required("name").text()
    let value = try mapping.required("prompt")
    try mapping.finish()
    let prompt: PromptTemplate
    do {
      prompt = try PromptTemplate(value.text())
    } catch let error as HintedError {
      throw HintedError("\(value.place.text): \(error.message)", hint: error.hint)
    }
    let known = Recipe.Examination.JudgingTeacher.placeholders
    if let other = prompt.listNames.first(where: { !known.contains($0) }) {
      throw value.place.error("has {\(other)}", hint: "a judge is told {request}, {reply} and {expected}")
    }
    for needed in ["request", "reply"] where !prompt.listNames.contains(needed) {
      throw value.place.error("lacks {\(needed)}", hint: "the judge has to see both the request and the reply")
    }
    return Recipe.Examination.JudgingTeacher(name: name, prompt: prompt)
  }
}

extension RecipeFile {
  /// Slots are lists whose words the prompts are made of.
  static func checkSlots(of recipe: Recipe, at place: YAMLPlace) throws {
    let lists = recipe.prompting?.lists ?? [:]
    for slot in recipe.task.examination?.slots ?? [] where lists[slot] == nil {
      let meant = EditDistance.nearest(to: slot, in: lists.keys.sorted())
      throw place.error(
        "names the slot '\(slot)' in task.slots, but prompting.lists has no such list",
        hint: meant.map { "did you mean '\($0)'?" } ?? "add it under prompting.lists")
    }
    guard let label = recipe.task.examination?.label, label != PromptLabel.template, lists[label] == nil else { return }
    if recipe.teachers != nil, label == PromptLabel.teacher { return }
    let meant = EditDistance.nearest(to: label, in: lists.keys.sorted())
    throw place.error(
      "names '\(label)' in task.label, but prompting.lists has no such list",
      hint: meant.map { "did you mean '\($0)'?" } ?? "add it under prompting.lists")
  }
}
