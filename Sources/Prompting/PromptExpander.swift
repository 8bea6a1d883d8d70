import Basics
import Lineage

/// Turns a recipe into prompts: the first stage.
///
/// Templates take turns, in a shuffled order each round, so that none dominates by having longer lists. Words come in
/// an order that repeats no combination of a template before all have come; an exhausted template waits until every
/// other one is, and then all start again with other sampling seeds. A larger `count` only adds prompts at the end.
public struct PromptExpander: Sendable {
  private let prompting: Recipe.Prompting
  private let combinations: [TemplateCombinations]
  private let choice: TeacherChoice
  private let seed: UInt64
  private let format: AnswerFormat?

  /// - Parameters:
  ///   - lists: what each list gives, read from wherever the recipe says.
  ///   - format: what answers in JSON must be; nil where they are texts.
  ///   - teachers: those that are asked, at least one.
  /// - Throws: `HintedError` for a recipe that asks no teacher, or a list without words.
  public init(
    recipe: Recipe, lists: [String: PromptList], format: AnswerFormat? = nil, teachers: [PromptTeacher]
  ) throws {
    guard let prompting = recipe.prompting, !prompting.templates.isEmpty, !teachers.isEmpty else {
      throw HintedError(
        "the recipe '\(recipe.name)' asks no teacher", hint: "its texts come from `source`; there is nothing to ask",
        status: .usage)
    }
    self.prompting = prompting
    choice = TeacherChoice(teachers: teachers)
    seed = recipe.seed
    self.format = format
    combinations = try prompting.templates.enumerated().map { index, template in
      try TemplateCombinations(template, index: index, lists: lists, seed: recipe.seed)
    }
  }

  /// How many prompts make a round: each way to fill the templates, as often as its words' weights say. More than these
  /// differ from earlier ones in their sampling seed only.
  public var combinationCount: Int {
    combinations.reduce(0) { sum, template in
      let (next, overflows) = sum.addingReportingOverflow(Int(template.count))
      return overflows ? Int.max : next
    }
  }

  /// The recipe's `count` prompts, in order.
  public func prompts() throws -> [Prompt] {
    var cursor = stream.cursor()
    return try cursor.take(prompting.count)
  }

  /// The same, one after the other.
  public var stream: PromptStream {
    PromptStream(count: prompting.count) {
      var expansion = Expansion(combinations, seed: seed)
      var index = 0
      // Answers that come together are prompts of their own, which differ in which answer they are.
      let several = prompting.sampling.n ?? 1
      var lead: Prompt?
      return PromptStream.Cursor {
        guard index < prompting.count else { return nil }
        defer { index += 1 }
        if var prompt = lead, !index.isMultiple(of: several) {
          prompt = try prompt.with(choice: index % several)
          prompt.index = index
          return prompt
        }
        let turn = expansion.next()
        lead = try prompt(at: index, of: turn.template, position: turn.round, epoch: turn.epoch)
        return lead
      }
    }
  }

  private func prompt(
    at index: Int, of template: TemplateCombinations, position: UInt64, epoch: UInt64
  ) throws -> Prompt {
    let combination = template.choice(at: position, epoch: epoch)
    let words = combination.words
    var messages = prompting.system.map { [Message(.system, $0)] } ?? []
    messages.append(Message(.user, template.template.filled(with: words.mapValues(\.text))))
    var generator = try generator(for: messages, epoch: epoch, copy: combination.copy)
    let teacher = choice.teacher(for: generator)
    var settings = prompting.sampling.settings(over: teacher.sampling)
    // 31 bits, since some servers read the seed into 32.
    settings.seed = generator.next() >> 33
    var labels = words.mapValues(\.label)
    labels[PromptLabel.template] = labels[PromptLabel.template] ?? String(template.index)
    if choice.teachers.count > 1 { labels[PromptLabel.teacher] = teacher.name }
    return try Prompt(index: index, messages: messages, sampling: settings, labels: labels, format: format)
  }

  /// From the prompt's own text, not from its place, so that it stays the same when the recipe around it changes.
  /// - Parameter copy: which of the equal prompts of one round it is.
  private func generator(for messages: [Message], epoch: UInt64, copy: UInt64) throws -> SeededGenerator {
    let identity = try ContentID(ofCanonical: messages).firstBits
    let generator = SeededGenerator(seed: seed).stream(identity).stream(epoch)
    return copy == 0 ? generator : generator.stream(copy)
  }
}

/// Whose turn it is. In an epoch every combination comes once; in a round, each template that has one left.
private struct Expansion {
  private let combinations: [TemplateCombinations]
  private var turns: SeededGenerator
  private var epoch: UInt64 = 0
  private var round: UInt64 = 0
  /// Those with combinations left in this epoch, in this round's order, and the next one's place.
  private var waiting: [TemplateCombinations]
  private var place = 0

  private static let turnStream: UInt64 = 1

  init(_ combinations: [TemplateCombinations], seed: UInt64) {
    self.combinations = combinations
    turns = SeededGenerator(seed: seed).stream(Self.turnStream)
    waiting = combinations
    shuffle()
  }

  mutating func next() -> (template: TemplateCombinations, round: UInt64, epoch: UInt64) {
    if place == waiting.count { startRound() }
    defer { place += 1 }
    return (waiting[place], round, epoch)
  }

  private mutating func startRound() {
    place = 0
    round += 1
    waiting.removeAll { $0.count <= round }
    if waiting.isEmpty { (waiting, round, epoch) = (combinations, 0, epoch + 1) }
    shuffle()
  }

  /// Fisher and Yates's shuffle.
  private mutating func shuffle() {
    for last in stride(from: waiting.count - 1, to: 0, by: -1) { waiting.swapAt(last, turns.below(last + 1)) }
  }
}
