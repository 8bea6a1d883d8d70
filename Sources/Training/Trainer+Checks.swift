import Basics
import Formats
import Kernels
import Lineage
import Networks

extension Trainer {
  /// - Throws: `HintedError` for what cannot be trained together.
  static func check(_ shape: Shape, _ settings: TrainingSettings, _ data: TrainingData) throws {
    try shape.validate()
    try settings.validate()
    try shape.check(windowTokenCount: settings.windowTokenCount)
    guard settings.ablation?.withoutPathways.isEmpty != false || Shape.architecture == .atome else {
      throw HintedError(
        "\(Shape.architecture.name) has nothing that an ablation leaves out", hint: "ablate an atome model",
        status: .usage)
    }
    guard settings.twinShare == nil || Shape.architecture != .gpt || settings.weights != nil else {
      throw HintedError(
        "a plain GPT of floats is its own twin", hint: "leave --twin out, or round with --weights 4bit", status: .usage)
    }
    guard settings.weights == nil || Shape.architecture == .gpt else {
      throw HintedError(
        "\(Shape.architecture.name) has weights of its own, and the settings say \(settings.weights?.rawValue ?? "")",
        hint: "leave --weights out, or train a plain GPT", status: .usage)
    }
    try check(settings, data)
  }

  private static func check(_ settings: TrainingSettings, _ data: TrainingData) throws {
    guard data.windowTokenCount == settings.windowTokenCount else {
      throw HintedError(
        "the data is cut into windows of \(data.windowTokenCount) tokens, "
          + "the settings say \(settings.windowTokenCount)",
        status: .usage)
    }
    guard data.tokensPerStep == nil || Shape.architecture == .compact else {
      throw HintedError("\(Shape.architecture.name) cannot read several tokens as one", hint: "train a compact student")
    }
    guard data.isDocuments == (settings.windows == .documents) else {
      throw HintedError(
        data.isDocuments
          ? "the data is documents, and the settings cut windows from a text"
          : "the data is a text, and the settings train on documents",
        hint: "documents need the setting windows: documents, and only they have it", status: .usage)
    }
    guard settings.segmentationDropout == nil || !data.vocabulary.isIdentity else {
      throw HintedError(
        "segmentation dropout passes strings of a vocabulary over, and the tokens of this run are bytes",
        hint: "train with a learned vocabulary, or leave it out", status: .usage)
    }
  }

  /// Where the labels of a run stand; nothing for a run without any.
  static func places(
    of labels: SoftLabels?, _ settings: TrainingSettings, _ data: TrainingData
  ) throws -> SoftLabelPlaces? {
    guard let soft = settings.soft else { return nil }
    guard let labels, labels.id == soft.labels else {
      throw HintedError("a run with soft labels needs the ones that its settings name", status: .internalFault)
    }
    return try SoftLabelPlaces(labels, data)
  }

  /// The twin at work; nothing for a run without one.
  static func teacher(
    _ twin: TrainingCheckpoint<Shape>?, of shape: Shape, _ settings: TrainingSettings, _ data: TrainingData,
    kernels: TunedKernels, layout: Shape.Layout, threadCount: Int
  ) throws -> TwinTeacher<Shape>? {
    guard settings.twinShare != nil else { return nil }
    guard let twin else {
      throw HintedError("a run with a twin needs the twin's checkpoint", status: .internalFault)
    }
    return try TwinTeacher(
      twin, of: shape, settings, data, kernels: kernels, layout: layout, threadCount: threadCount)
  }
}
