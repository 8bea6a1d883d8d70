import Basics
import Evaluation
import Formats
import Lineage
import ScriptedTeacher

/// How a corpus's student is asked and judged, as its recipe says.
struct CorpusExamination: Sendable {
  let boundary: ReplyBoundary
  let section: Recipe.Examination
  let corpus: CorpusFolder
  /// The scripted teacher's, where there is one.
  let grammar: Grammar?
  /// Answers a judge's prompt, for the judge `teacher`.
  var ask: (@Sendable (String) async throws -> String)?
  /// Where the recipe names a list whose words are labels.
  var labels: SampleLabels?

  /// Questions, who judges the replies, and what training saw.
  struct Exam {
    var questions: [Question]
    var judge: any ReplyJudge
    var training: [Example]
  }

  /// Everything that decides questions and verdicts, beside the documents.
  func settings() throws -> [String: String] {
    [
      "task": try CanonicalJSON.text(corpus.recipe.task), "grammar": grammar?.id.description ?? "none",
      "refusalRequests": try ContentID(
        ofCanonical: [QuestionSet.offTopic, .outOfRange].map { corpus.refusalRequests[$0] ?? [] }
      ).description,
      "words": try ContentID(ofCanonical: corpus.words).description, "seed": String(corpus.recipe.seed),
    ]
  }

  func exam(documents: [Document]) async throws -> Exam {
    let training = examples(documents.filter { $0.split == .train })
    let judge = try judge()
    let asked = documents.filter { $0.split == .heldOut }
    var heldOut = examples(asked, labels: try await labels?.labels(of: asked) ?? [:])
    var phrasings: [Example] = []
    if let judge = judge as? GrammarReplyJudge, let grammar {
      // A request that was mistyped in the corpus cannot be judged: nobody knows what was meant. Typos have a set.
      heldOut = heldOut.filter { judge.knows($0.request) }
      phrasings = ScriptedTeacher(grammar: grammar)
        .heldOutRequests(count: section.questionCount, seed: corpus.recipe.seed)
        .compactMap { Example(text: $0.text, boundary: boundary, label: $0.labels["intent"]) }
    }
    let questionnaire = Questionnaire(
      training: training, heldOut: heldOut, boundary: boundary, refusals: RefusalMarks(section.refusals),
      knownWords: corpus.words.values.flatMap(\.self) + (grammar?.words ?? []), limit: section.questionCount,
      seed: corpus.recipe.seed)
    let questions = questionnaire.questions(
      phrasings: phrasings, offTopic: corpus.refusalRequests[.offTopic] ?? [],
      outOfRange: corpus.refusalRequests[.outOfRange] ?? [])
    return Exam(questions: questions, judge: judge, training: training)
  }

  private func examples(_ documents: [Document], labels: [ContentID: String] = [:]) -> [Example] {
    documents.compactMap {
      Example(text: $0.text, boundary: boundary, label: labels[$0.sampleID], count: $0.repeats)
    }
  }

  private func judge() throws -> any ReplyJudge {
    let refusals = RefusalMarks(section.refusals)
    switch section.judge {
    case .exact: return ExactJudge(refusals: refusals)
    case .slots: return SlotJudge(lists: corpus.words.filter { section.slots.contains($0.key) }, refusals: refusals)
    case .grammar:
      guard let grammar else {
        throw HintedError(
          "task.judge is `grammar`, and the corpus's teacher has none", hint: "judge by `exact`, `slots` or `teacher`")
      }
      return GrammarReplyJudge(grammar)
    case .teacher:
      guard let teacher = section.teacher, let ask else {
        throw HintedError("task.judge is `teacher`, and task.teacher is missing", hint: "name a profile and a prompt")
      }
      return TeacherJudge(prompt: teacher.prompt, refusals: refusals, ask: ask)
    }
  }
}
