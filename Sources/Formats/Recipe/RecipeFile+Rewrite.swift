import Basics
import Lineage

extension YAMLValue {
  func rewrite() throws -> Recipe.Rewrite {
    var mapping = try mapping()
    let teacher = try mapping.required("teacher").text()
    let prompt = try mapping.required("prompt")
    let count = try mapping.optional("count")?.integer(in: Recipe.Rewrite.counts) ?? 1
    try mapping.finish()
    let template: PromptTemplate
    do {
      template = try PromptTemplate(prompt.text())
    } catch let error as HintedError {
      throw HintedError("\(prompt.place.text): \(error.message)", hint: error.hint)
    }
    let allowed = [Recipe.Rewrite.requestList, Recipe.Rewrite.replyList]
    guard template.listNames.contains(allowed[0]), template.listNames.allSatisfy(allowed.contains) else {
      throw prompt.place.error(
        "should use {\(allowed[0])}, and no other list but {\(allowed[1])}",
        hint: "they stand for what is said in other words, and for the reply that stays")
    }
    return Recipe.Rewrite(teacher: teacher, prompt: template, count: count)
  }
}
