import Basics
import Lineage

extension YAMLValue {
  func judge() throws -> Recipe.Judge {
    var mapping = try mapping()
    let teacher = try mapping.required("teacher").text()
    let prompt = try mapping.required("prompt")
    let template: PromptTemplate
    do {
      template = try PromptTemplate(prompt.text())
    } catch let error as HintedError {
      throw HintedError("\(prompt.place.text): \(error.message)", hint: error.hint)
    }
    guard template.listNames == [Recipe.Judge.documentList] else {
      throw prompt.place.error(
        "should use {\(Recipe.Judge.documentList)}, and no other list", hint: "it stands for the text that is judged")
    }
    let least = try mapping.optional("atLeast")?.number(in: -1_000_000...1_000_000)
    let words = try mapping.optional("accept").map { $0.isScalar ? [try $0.text()] : try $0.texts() }
    try mapping.finish()
    switch (least, words) {
    case (let least?, nil): return Recipe.Judge(teacher: teacher, prompt: template, standard: .atLeast(least))
    case (nil, let words?):
      guard words.allSatisfy({ $0.allSatisfy(\.isLetter) }) else {
        throw place.error("accepts more than a word", hint: "an answer's first word is looked at")
      }
      return Recipe.Judge(teacher: teacher, prompt: template, standard: .words(words))
    default: throw place.error("should have either `atLeast` or `accept`")
    }
  }
}
