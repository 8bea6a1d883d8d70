import Basics
import Conversation
import Evaluation
import Formats
import Lineage
import Teachers
import Training

/// A corpus as comparisons and foreign models meet it: what its recipe trains with, and what it asks.
public struct CorpusStudy: Sendable {
  public let name: String
  /// The recipe's section; a comparison may change it before it asks for settings and data.
  public var section: Recipe.Training
  /// Where the recipe names a judge that costs nothing.
  public let exam: CorpusExam?
  let reply: ReplyBoundary?
  let shards: String

  private var training: CorpusTraining { CorpusTraining(section: section, reply: reply) }

  /// - Throws: `HintedError` for settings outside their limits.
  public func settings() throws -> TrainingSettings { try training.settings() }

  /// The shards' documents, in the tokens of the vocabulary that the section names.
  public func data() throws -> TrainingData { try training.data(shards, try training.vocabulary(shards)) }
}

/// The questions of a corpus, ready to be put to any model.
public struct CorpusExam: Sendable {
  /// Of the documents and of everything else that decides questions and verdicts.
  public let id: ContentID
  let exam: CorpusExamination.Exam

  private struct Identity: Encodable {
    var documents: ContentID
    var settings: [String: String]
  }

  init(_ examination: CorpusExamination, documents: Artifact, in workspace: Workspace) async throws {
    id = try ContentID(ofCanonical: Identity(documents: documents.id, settings: try examination.settings()))
    exam = try await examination.exam(
      documents: try RecordFile.read(Document.self, workspace.absolute(documents.path ?? "")))
  }

  /// Puts every question to a model.
  /// - Parameters:
  ///   - engine: nil for the one that is shipped, or the only one there is.
  ///   - threadCount: no part of the result; all cores when nil.
  public func score(
    of model: any RunnableModel, on engine: HostEngine? = nil, threadCount: Int? = nil
  ) async throws -> Score {
    let engine = engine ?? model.shippedEngine
    return try await Examiner(judge: exam.judge).score(
      image: model.id, vocabulary: model.vocabulary.id, questions: exam.questions,
      student: .model(model, named: engine.title, on: engine, threadCount: threadCount),
      baselines: [.nearestRequest(of: exam.training), .mostFrequentReply(of: exam.training)])
  }

  /// How many held-out requests a model answers wholly right, on one thread.
  public func heldOutRight(of model: any RunnableModel) async throws -> Proportion {
    let questions = exam.questions.filter { $0.set == .heldOut }
    let score = try await Examiner(judge: exam.judge).score(
      image: model.id, vocabulary: model.vocabulary.id, questions: questions,
      student: .model(model, named: model.shippedEngine.title, on: model.shippedEngine, threadCount: 1))
    return score.sets.first?.right ?? Proportion(rightCount: 0, count: 0)
  }
}

extension HostEngine {
  /// As a score names what computed its answers.
  var title: String {
    switch self {
    case .swift: "Swift engine"
    case .c: "C engine"
    }
  }
}

// MARK: - Opening

extension Workbench {
  /// What a corpus's students are trained with and asked; its shards must be up to date.
  /// - Parameter purpose: the command that builds on them.
  /// - Throws: `HintedError` for a corpus that is missing, or not made so far.
  public func study(of name: String, for purpose: String) async throws -> CorpusStudy {
    let receipts = try await pipeline(name).receipts(until: .shard, for: purpose)
    let corpus = try CorpusFolder.open(name, in: folders)
    let examination = try Pipeline.examination(corpus, folders, ledger, Budget(maximum: nil))
    let documents = try receipts.output(.documents, of: .curate)
    // A judging teacher is paid; a comparison would pay it for every contestant and seed.
    let free = examination.flatMap { $0.section.judge == .teacher ? nil : $0 }
    var exam: CorpusExam?
    if let free { exam = try await CorpusExam(free, documents: documents, in: workspace) }
    return CorpusStudy(
      name: name, section: corpus.recipe.training, exam: exam,
      reply: corpus.recipe.task.reply, shards: workspace.shards(name))
  }

  /// The questions of a corpus, whose documents must be up to date.
  /// - Throws: `HintedError` for a corpus that is missing, not made so far, or judged by nobody.
  public func exam(of name: String, for purpose: String) async throws -> CorpusExam {
    let receipts = try await pipeline(name).receipts(until: .curate, for: purpose)
    let corpus = try CorpusFolder.open(name, in: folders)
    guard let examination = try Pipeline.examination(corpus, folders, ledger, Budget(maximum: nil)) else {
      throw HintedError(
        "\(name) has no questions: its recipe names no judge", hint: "give it a `task`: docs/guides/scoring.md",
        status: .usage)
    }
    return try await CorpusExam(examination, documents: try receipts.output(.documents, of: .curate), in: workspace)
  }
}
