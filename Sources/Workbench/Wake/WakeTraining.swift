import Basics
import Conversation
import Export
import Formats
import Foundation
import Lineage
import Model
import Networks
import Training

/// A student that answers whether a word was just said, and its threshold: docs/guides/wake-words.md.
public struct WakeTraining: Sendable {
  public struct Settings: Hashable, Sendable {
    public var shape = CompactShape(modelWidth: 24, layerCount: 2, stateWidth: 48, gateCount: 12, hiddenWidth: 48)
    public var stepCount = 20_000
    public var batchCount = 64
    public var seed: UInt64 = 0
    /// The threshold accepts at most this share of the validation side's other words.
    public var falseAccepts = 0.006
    /// Steps of 32 ms in which the word is not heard again.
    public var pause = 31

    public init() {}
  }

  public struct Outcome: Sendable {
    public var image: [UInt8]
    public var file: WakeWordFile
    /// Of the validation side, by the threshold that it chose.
    public var validation: WakeReport
  }

  public var settings: Settings

  public init(_ settings: Settings = Settings()) { self.settings = settings }

  /// - Parameter folder: keeps the student, so that the same call goes on after a kill; remove it when all is done.
  /// - Throws: `HintedError` for records that lack a side or an answer; of status `.stopped` when the task is
  ///   cancelled, after saving.
  public func run(
    _ records: [WakeRecord], in folder: String, progress: @Sendable (StepMetrics) -> Void = { _ in }
  ) throws -> Outcome {
    guard (0..<1).contains(settings.falseAccepts), settings.stepCount >= 1 else {
      throw HintedError("--false-accepts must be 0 or more and below 1, --steps at least 1", status: .usage)
    }
    let words = Set(records.filter(\.isWakeWord).map(\.word))
    guard let word = words.first, words.count == 1 else {
      throw HintedError("the records have \(words.count) wake words, where one is trained")
    }
    func side(_ side: ClipFolder.Side) throws -> [WakeRecord] {
      let found = records.filter { $0.side == side }
      guard Set(found.map(\.isWakeWord)).count == 2 else {
        throw HintedError("the records' side '\(side.rawValue)' lacks the wake word, or anything else")
      }
      return found
    }
    let (train, validate) = (try side(.train), try side(.validate))
    try AtomicFile.makeFolder(folder)
    let image = try image(train: train, validate: validate, in: folder, progress)
    var file = WakeWordFile(image: ContentID(of: image), word: word, threshold: .max, pause: settings.pause)
    let scoring = try WakeScoring(LoadedImage(image, path: "the student"), file)
    let peaks = try scoring.peaks(of: validate)
    file.threshold = WakeReport.threshold(of: peaks, of: validate, falseAccepts: settings.falseAccepts)
    return Outcome(
      image: image, file: file, validation: WakeReport(peaks: peaks, of: validate, threshold: file.threshold))
  }

  private func image(
    train: [WakeRecord], validate: [WakeRecord], in folder: String, _ progress: @Sendable (StepMetrics) -> Void
  ) throws -> [UInt8] {
    let documents = (train: try WakeDocuments(train), heldOut: try WakeDocuments(validate))
    var settings = TrainingSettings.compact.learningReplies(promptWeight: 0)
    settings.stepCount = self.settings.stepCount
    settings.warmUpStepCount = min(settings.warmUpStepCount, settings.stepCount)
    settings.batchCount = self.settings.batchCount
    settings.windowTokenCount = max(documents.train.longest, documents.heldOut.longest)
    settings.seed = self.settings.seed
    settings.evaluationInterval = max(1, settings.stepCount / 5)
    let data = try TrainingData(
      train: documents.train, heldOut: documents.heldOut, window: settings.windowTokenCount)
    let trained = try TrainingRun(
      shape: self.settings.shape, settings: settings, data: data, output: "\(folder)/student"
    ).once(progress: progress)
    // Of both kinds: those of the word stand first.
    let whole = documents.heldOut.inputs
    let texts = stride(from: 0, to: whole.count, by: max(1, whole.count / 256)).map { whole[$0] }
    return try CompactPacker().pack(
      trained.checkpoint, checkpointID: trained.id, calibratedOn: texts,
      tokensPerStep: MelFrontEnd.partCount)
  }
}
