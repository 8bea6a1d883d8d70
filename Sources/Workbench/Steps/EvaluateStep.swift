import Basics
import Conversation
import Evaluation
import Formats
import Lineage
import Networks
import Training

/// An image to a score: how many of the corpus's questions it answers rightly, beside baselines.
struct EvaluateStep: PipelineStep {
  let name = StageName.evaluate
  let examination: CorpusExamination
  /// Trains the baseline, a plain GPT.
  let training: CorpusTraining
  /// Where the score goes, and the baseline's checkpoint.
  let folder: String
  let workspace: Workspace
  let threadCount: Int?

  func inputs(from receipts: [StageName: Receipt]) throws -> [Artifact] {
    // The baseline is trained on the shards, as the student was.
    [try receipts.output(.atomeImage, of: .export), try receipts.output(.documents, of: .curate)]
      + (receipts[.shard]?.outputs ?? [])
  }

  func settings() throws -> [String: String] {
    var settings = try examination.settings()
    settings["baseline"] = "\(Self.baselineShape(window: training.section.window))"
    settings["instructionSet"] = TrainingHost.instructionSetName
    settings["noise"] = try CanonicalJSON.text(training.section.noise)
    settings["training"] = try CanonicalJSON.text(try training.settings())
    return settings
  }

  func perform(inputs: StepInputs, progress: ProgressSink) async throws -> StepOutcome {
    let image = try inputs.image()
    let exam = try examination.exam(documents: try inputs.documents())
    let baseline = try await baseline(shards: try inputs.folder(.shards), progress)
    progress.say("asking \(ReadableUnits.count(exam.questions.count)) questions")
    let score = try await Examiner(judge: exam.judge).score(
      image: image.id, vocabulary: image.vocabulary.id, questions: exam.questions,
      student: .model(image, named: "C engine", on: .c, threadCount: threadCount),
      baselines: [
        .nearestRequest(of: exam.training), .mostFrequentReply(of: exam.training),
        .model(baseline, named: "plain GPT in int8", on: .swift, threadCount: threadCount),
      ])
    let path = "\(folder)/\(Score.fileName)"
    try AtomicFile.write(try score.json, to: path)
    return StepOutcome(
      outputs: [try workspace.artifact(.score, at: path)], summary: score.summary, figures: score.figures)
  }

  /// The preset whose eight-bit weights are nearest in size to the demo's image of 21 KB, from above.
  private static func baselineShape(window: Int) -> GPTShape {
    GPTShape.preset("gpt-21k", window: window) ?? .gpt21K
  }

  /// Trained like the student, on the same tokens; its weights are then rounded to eight bits.
  private func baseline(shards: String, _ progress: ProgressSink) async throws -> any RunnableModel {
    let vocabulary = try training.vocabulary(shards)
    let output = "\(folder)/baseline.checkpoint"
    let run = TrainingRun(
      shape: Self.baselineShape(window: training.section.window), settings: try training.settings(),
      data: try training.data(shards, vocabulary), output: output, threadCount: threadCount)
    if !run.isFinished { _ = try await run.run(progress: TrainingProgress(progress).callAsFunction) }
    return try ModelFile(reading: output).runnable().roundedToInt8()
  }
}

extension Answerer {
  /// A model of this process.
  static func model(
    _ model: any RunnableModel, named name: String, on engine: HostEngine, threadCount: Int?
  ) -> Answerer {
    Answerer(name: name) { questions in
      let replies = try await model.replies(
        to: questions.map { Array($0.request.utf8) }, on: engine, byteLimit: Self.replyByteLimit,
        threadCount: threadCount)
      return replies.map {
        Reply(
          text: String(decoding: $0.bytes, as: UTF8.self), isComplete: $0.isComplete,
          unknownByteCount: $0.unknownByteCount)
      }
    }
  }

  /// The most bytes of a reply.
  private static var replyByteLimit: Int { 512 }
}
