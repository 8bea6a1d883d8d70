import Basics
import Lineage

extension CorpusDraft {
  /// The corpus's files by their paths in its folder, the recipe last.
  func files(teacher profile: TeacherProfile) -> [(path: String, text: String)] {
    let lists = lists.map { list in
      (path: "words/\(list.plural).txt", text: wordFile(list))
    }
    return lists + [
      ("DATASHEET.md", datasheet(profile)), ("LICENSES.md", licenses(profile)), ("recipe.yaml", recipe(profile)),
    ]
  }

  private func wordFile(_ list: List) -> String {
    let words = words[list.name] ?? []
    return "# A \(list.name) a line: \(list.meaning). More of them make answers differ more.\n"
      + words.map { $0 + "\n" }.joined()
  }

  private func recipe(_ profile: TeacherProfile) -> String {
    let shape = kind.shape
    // Our grammars answer with many exchanges, whatever they are asked for.
    let maxTokens = profile.dialect == .scripted ? 4096 : shape.maxTokens
    let templates = templates.map { "    - \(Self.quoted($0))" }.joined(separator: "\n")
    let lists = (lists.map { "    \($0.name): words/\($0.plural).txt" } + passages).joined(separator: "\n")
    return """
      # Made by `alambic new`; every line is yours to change. What the keys mean: docs/formats/recipe.md
      schema: alambic.recipe/1
      name: \(name)
      description: \(Self.quoted(about))
      seed: \(seed)
      teacher: \(Self.quoted(teacher))
      prompting:
        system: \(Self.quoted(shape.system.0 + ended(about) + shape.system.1))
        templates:
      \(templates)
        lists:
      \(lists)
        count: \(promptCount)
        sampling: {temperature: 1, maxTokens: \(maxTokens)}
      \(shape.curation)
      \(shape.task)\(shape.training)
      shipping: {license: \(Self.quoted(license(profile)))}

      """
  }

  /// Those whose lists are there.
  private var templates: [String] {
    let shape = kind.shape
    let plain = words["topic"] == nil ? [] : shape.templates
    return plain + (manual == nil ? [] : shape.groundedTemplates.map { "\($0)\n\n{passage}" })
  }

  /// The list's line.
  private var passages: [String] {
    guard let manual else { return [] }
    let field = manual.field.map { ", field: \(Self.quoted($0))" } ?? ""
    return ["    passage: {passages: \(Self.quoted(manual.fileName)), bytes: 400\(field)}"]
  }

  /// In double quotes, YAML reads any text on one line as it stands.
  static func quoted(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    return "\"\(escaped)\""
  }

  private func ended(_ sentence: String) -> String {
    sentence.last.map { ".!?".contains($0) } == true ? sentence : sentence + "."
  }

  /// What the profile says of its answers, where that is a licence's short name; else that it is no such licence.
  func license(_ profile: TeacherProfile) -> String {
    if let license { return license }
    let said = profile.outputsLicense
    let isShort = said.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-.+".contains($0)) }
    return isShort && said != "none" ? said : "LicenseRef-teacher-terms"
  }

  private func datasheet(_ profile: TeacherProfile) -> String {
    """
    # Datasheet: \(name)

    After Gebru et al., "Datasheets for Datasets", Communications of the ACM 64(12), 2021. What stands in brackets
    is to be written.

    ## Motivation
    \(ended(about))
    [Who needs a student that knows this, and why.]

    ## Composition
    - \(kind.shape.document)
    - [Languages; how many documents and bytes: `alambic make \(name) --until shard` says both.]
    - [What is missing, and what is in it that should not be.]
    - No person was asked or recorded. [Check that this is so.]

    ## Collection
    The teacher `\(profile.name)` (model \(profile.model)) is asked \(ReadableUnits.count(promptCount)) times.
    A prompt is a template of `recipe.yaml` with words from `words/`.
    [When, and with which version of the model.]

    ## Curation
    Answers fall into documents at blank lines. Documents that are too short, too long, cut off or there already are
    refused and counted.
    [How many, and why; `alambic inspect` shows them.]

    ## Uses and limits
    - Good for: [What it was tried for].
    - Not for: [What it was not].

    """
  }

  private func licenses(_ profile: TeacherProfile) -> String {
    """
    # Licences: \(name)

    | what | licence | holder |
    |---|---|---|
    | the answers of `\(profile.name)` | \(profile.outputsLicense) | [whoever its terms name] |
    \(manual.map { "| `\($0.fileName)`, a copy | [whose terms allow it to be shipped] | [its author] |\n" } ?? "")\
    | `recipe.yaml`, `words/` and the pages here | [yours] | [you] |

    The first line is what the teacher's profile says. Read the terms that it names before you ship a student; the
    recipe's `shipping.license` (now `\(license(profile))`) has to fit them.

    """
  }
}
