import Basics
import Conversation
import Evaluation
import Firmware
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
  /// The core that a part of the questions is asked on again.
  let core: String
  /// Where firmware's sources are, and where it is built.
  let firmware: String
  let buildFolder: String
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
    settings["emulated"] =
      "\(SecondAsking.questionCountPerSet) of each set on \(core), replies of \(Answerer.emulatedByteLimit) bytes"
    settings["instructionSet"] = TrainingHost.instructionSetName
    settings["noise"] = try CanonicalJSON.text(training.section.noise)
    settings["training"] = try CanonicalJSON.text(try training.settings(for: .gpt))
    return settings
  }

  func perform(inputs: StepInputs, progress: ProgressSink) async throws -> StepOutcome {
    // Before a baseline is trained for nothing.
    try Toolbox().require(try Core.named(core).requiredTools)
    let image = try inputs.image()
    let exam = try await examination.exam(documents: try inputs.documents())
    let baseline = try await baseline(shards: try inputs.folder(.shards), progress)
    progress.say("asking \(ReadableUnits.count(exam.questions.count)) questions")
    var score = try await Examiner(judge: exam.judge).score(
      image: image.id, vocabulary: image.vocabulary.id, questions: exam.questions,
      student: .model(image, named: "C engine", on: .c, threadCount: threadCount),
      baselines: [
        .nearestRequest(of: exam.training), .mostFrequentReply(of: exam.training),
        .model(baseline, named: "plain GPT in int8", on: .swift, threadCount: threadCount),
      ])
    let emulated = try await emulated(image, exam.questions, progress)
    score.emulated = emulated
    let path = "\(folder)/\(Score.fileName)"
    try AtomicFile.write(try score.json, to: path)
    if let failure = emulated.failure { throw failure }
    return StepOutcome(
      outputs: [try workspace.artifact(.score, at: path)], summary: score.summary, figures: score.figures)
  }

  /// The bytes that are shipped, computed by the core that they are proven on.
  private func emulated(
    _ image: LoadedImage, _ questions: [Question], _ progress: ProgressSink
  ) async throws -> Score.Emulated {
    let core = try Core.named(core)
    progress.say("asking \(SecondAsking.part(of: questions).count) of them again on an emulated \(core)")
    return try await SecondAsking(
      on: core.name,
      here: .model(
        image, named: "C engine", on: .c, byteLimit: Answerer.emulatedByteLimit, threadCount: threadCount),
      there: .emulated(image, on: core, firmware: firmware, buildFolder: buildFolder, threadCount: threadCount)
    ).result(questions)
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
      shape: Self.baselineShape(window: training.section.window), settings: try training.settings(for: .gpt),
      data: try training.data(shards, vocabulary), output: output, threadCount: threadCount)
    if !run.isFinished { _ = try await run.run(progress: TrainingProgress(progress).callAsFunction) }
    return try ModelFile(reading: output).runnable().roundedToInt8()
  }
}

extension Answerer {
  /// A model of this process.
  static func model(
    _ model: any RunnableModel, named name: String, on engine: HostEngine, byteLimit: Int = replyByteLimit,
    threadCount: Int?
  ) -> Answerer {
    Answerer(name: name) { questions in
      try await model.replies(
        to: questions.map { Array($0.request.utf8) }, on: engine, byteLimit: byteLimit, threadCount: threadCount
      ).map(Reply.init)
    }
  }

  /// A model as firmware on an emulated core.
  static func emulated(
    _ model: any RunnableModel, on core: Core, firmware: String, buildFolder: String, threadCount: Int?
  ) -> Answerer {
    Answerer(name: "C engine, \(core) emulated") { questions in
      try await model.replies(
        to: questions.map { Array($0.request.utf8) }, on: core, firmware: firmware, buildFolder: buildFolder,
        byteLimit: emulatedByteLimit, threadCount: threadCount
      ).map(Reply.init)
    }
  }

  /// The most bytes of a reply.
  static var replyByteLimit: Int { 512 }

  /// The most bytes of a reply that is compared with an emulated core's: a student that does not come to an end takes
  /// seconds there, and not minutes.
  static var emulatedByteLimit: Int { 128 }
}

extension Reply {
  fileprivate init(_ reply: ModelReply) {
    self.init(bytes: reply.bytes, isComplete: reply.isComplete, unknownByteCount: reply.unknownByteCount)
  }
}
