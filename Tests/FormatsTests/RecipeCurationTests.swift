import Basics
import Formats
import Lineage
import Testing

@Suite("Curation in recipes")
struct RecipeCurationTests {
  private func recipe(_ curation: String, lists: String = "{room: [hall]}", task: String = "") throws -> Recipe {
    try RecipeFile.parse(
      """
      schema: alambic.recipe/1
      name: thermostat
      description: A thermostat that answers.
      teacher: thermostat
      prompting: {templates: ["Ask."], lists: \(lists), count: 4}
      curation: \(curation)
      \(task)
      shipping: {license: CC0-1.0}
      """, name: "recipe.yaml")
  }

  @Test("scripts, caps, references and the split are read")
  func keys() throws {
    let curation = try recipe(
      "{scripts: [latin, greek], openingShare: 0.2, sharedPart: 80, splitBy: room, "
        + "against: [examples, judges, questions, words/test.txt, {file: test.csv, field: query}]}"
    ).curation
    #expect(curation.scripts == [.latin, .greek] && curation.openingShare == 0.2 && curation.sharedPart == 80)
    #expect(curation.splitBy == "room")
    #expect(
      curation.against == [
        .examples, .judges, .questions, .file("words/test.txt", field: nil), .file("test.csv", field: "query"),
      ])
  }

  @Test("a preset's settings count where the recipe says nothing")
  func presets() throws {
    let dialogue = try recipe("{preset: dialogue, minimumByteCount: 20}").curation
    #expect(dialogue.minimumByteCount == 20 && dialogue.maximumByteCount == 500)
    #expect(
      dialogue.nearDuplicates == 0.7 && dialogue.keepsNearDuplicates && dialogue.refuse == [.chatter, .repetition])
    let off = try recipe("{preset: dialogue, nearDuplicates: off, refuse: [chatter]}").curation
    #expect(off.nearDuplicates == nil && !off.keepsNearDuplicates && off.refuse == [.chatter])
    let stories = try recipe("{preset: stories}").curation
    #expect(stories.nearDuplicates == 0.8 && !stories.keepsNearDuplicates && stories.minimumByteCount == 200)
  }

  @Test("a teacher's talk around its answers is refused by default, and a fetched text is not looked at")
  func talk() throws {
    #expect(try recipe("{splitBy: room}").curation.refuse == [.chatter])
    #expect(try recipe("{refuse: []}").curation.refuse == [])
    let asked = "teacher: t\nprompting: {templates: [x], count: 1}\n"
    let fetched = "source: {url: \"http://127.0.0.1/t.txt\", separator: x}\n"
    for (origin, refused) in [(asked, [Recipe.Refused.chatter]), (fetched, [])] {
      let text =
        "schema: alambic.recipe/1\nname: r\ndescription: d\n\(origin)training: {}\nshipping: {license: CC0-1.0}\n"
      #expect(try RecipeFile.parse(text, name: "r.yaml").curation.refuse == refused)
    }
  }

  @Test(
    "what cannot be followed is an error that names it",
    arguments: [
      ("{preset: dialog}", "curation.preset", "dialogue"), ("{scripts: [runes]}", "curation.scripts.0", "one of"),
      ("{openingShare: 0}", "curation.openingShare", ""), ("{sharedPart: 3}", "curation.sharedPart", ""),
      ("{splitBy: rooms}", "'rooms' in curation.splitBy", "'room'"),
      ("{splitBy: request}", "task.reply", "reply begins"),
      ("{splitBy: teacher}", "curation.splitBy", ""),
      ("{against: [../x.txt]}", "outside the recipe's folder", "beside"),
    ])
  func refusals(curation: String, words: String, hint: String) throws {
    let error = try #require(throws: HintedError.self) { try recipe(curation) }
    #expect(error.message.contains(words) && (hint.isEmpty || error.hint?.contains(hint) == true), "\(error)")
  }
}
