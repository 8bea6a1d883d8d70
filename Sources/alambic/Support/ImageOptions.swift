import ArgumentParser
import Basics
import Conversation
import Formats
import Networks

/// An `.atome` file, and the shape of a foreign one that does not say it.
struct ImageOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("An .atome image.", valueName: "file"), completion: .file(extensions: ["atome"]))
  var file: String

  @OptionGroup var shapeOptions: ShapeOptions

  /// The image, checked.
  func load() throws -> LoadedImage {
    try LoadedImage(path: file, shape: try shapeOptions.requestedShape())
  }

  /// The model of whatever file it is, ready to run.
  /// - Parameter tokenizer: the tokens of a llama2.c model.
  func loadModel(tokenizer: String? = nil) throws -> any RunnableModel {
    try ModelFile(reading: file, shape: try shapeOptions.requestedShape(), tokenizer: tokenizer).runnable()
  }

  /// The same, ready to be served.
  func loadSpeaker(tokenizer: String?) throws -> any SpeakingModel {
    try ModelFile(reading: file, shape: try shapeOptions.requestedShape(), tokenizer: tokenizer).speaking()
  }
}

/// A shape, by its dimensions or by a preset's name.
struct ShapeOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Dimensions, for an image without Alambic's trailer: d_model=64,n_layers=4,d_head=16,top_k=4,kernel=5.",
      valueName: "dimensions"))
  var shape: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A named shape: \(AtomeShape.presets.map(\.name).joined(separator: ", ")); "
        + "train also takes the compact students \(CompactShape.presetNames.joined(separator: ", ")) "
        + "and the baselines \(GPTShape.presets.map(\.name).joined(separator: ", ")), with -tied behind each for one "
        + "table of tokens.",
      valueName: "name"),
    completion: .list(Architectures.presetNames))
  var preset: String?

  /// What is to be trained, by dimensions or by any architecture's preset; nil when neither option was given.
  /// - Parameter window: tokens of the windows that it is trained on.
  func requestedStudent(window: Int) throws -> (any StoredShape)? {
    if preset == nil, let shape, CompactShape.claims(shape) { return try CompactShape(parsing: shape) }
    guard shape == nil, let preset else { return try requestedShape() }
    return try Architectures.shape(preset: preset, window: window)
  }

  /// The shape that was asked for; nil when neither option was given.
  func requestedShape() throws -> AtomeShape? {
    switch (shape, preset) {
    case (nil, nil): return nil
    case (let text?, nil): return try AtomeShape(parsing: text)
    case (nil, let name?): return try AtomeShape.preset(name)
    case (_?, _?):
      throw HintedError("--shape and --preset both name a shape", hint: "give one of them", status: .usage)
    }
  }
}
