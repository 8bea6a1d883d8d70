/// What a kind of corpus puts into a new recipe: lines of YAML, for its author to change.
struct RecipeShape: Sendable {
  /// Before and behind what the corpus is about.
  var system: (String, String)
  var templates: [String]
  /// Likewise, where there is a manual.
  var groundedTemplates: [String]
  var maxTokens: Int
  var curation: String
  /// Empty where documents are no exchanges.
  var task: String
  var training: String
  /// What one document is, for the datasheet.
  var document: String

  private static let rules = "Separate them by blank lines, and write nothing else."

  private static let grounds = "Say nothing that is not in it."

  static let dialogue = RecipeShape(
    system: (
      "You write exchanges between a person and a small device. It is for this: ",
      " An exchange is two lines: the person's line starts with \"> \", the device's with \"< \". "
        + "Nobody writes more than 100 characters in a line."
    ),
    templates: [
      "Write ten different exchanges about {topic}, the way {person} types them. \(rules)",
      "Write ten different exchanges about {topic}, typed {manner}. \(rules)",
      "Write ten different exchanges about {topic}, the way {person} types them {manner}. \(rules)",
    ],
    groundedTemplates: [
      "Write ten different exchanges, the way {person} types them, that this passage answers. \(grounds) \(rules)",
      "Write ten different exchanges, typed {manner}, that this passage answers. \(grounds) \(rules)",
    ],
    maxTokens: 1024,
    curation: """
      curation:
        documentSeparator: blank-line     # an answer is cut at its blank lines
        characters: fold-punctuation
        minimumByteCount: 10
        maximumByteCount: 240
        heldOutFraction: 0.1
      """,
    task: """
      task:
        reply: after-first-line           # who judges it? docs/guides/scoring.md

      """,
    training: """
      training:
        preset: atome-21kb
        steps: 5000
        batch: 64
        window: 128
        windows: documents
        vocabulary: {learned: {marks: ["> ", "< "]}}
        seed: 1
      """,
    document:
      "One document is one exchange: a line `> ` with what a person types, and a line `< ` with the device's reply.")

  static let text = RecipeShape(
    system: (
      "You write short texts in simple words. They are for this: ",
      " A text is one paragraph of at most 60 words, without a title."
    ),
    templates: [
      "Write eight different texts, each of them {form} about {topic}. \(rules)",
      "Write eight different texts about {topic}, each of them {mood}. \(rules)",
      "Write eight different texts, each of them {form} about {topic}, and {mood}. \(rules)",
    ],
    groundedTemplates: [
      "Write eight different texts, each of them {form}, about what this passage says. \(grounds) \(rules)",
      "Write eight different texts, each of them {mood}, about what this passage says. \(grounds) \(rules)",
    ],
    maxTokens: 1536,
    curation: """
      curation:
        documentSeparator: blank-line     # an answer is cut at its blank lines
        characters: fold-punctuation
        minimumByteCount: 20
        maximumByteCount: 600
        heldOutFraction: 0.1
      """,
    task: "",
    training: """
      training:
        preset: atome-64kb
        steps: 20000
        window: 128
        windows: documents
        seed: 1
      """,
    document: "One document is one short text: a paragraph of a few sentences.")
}
