import ArgumentParser
import Basics
import Networks
import Workbench

/// An `.atome` file, and the shape of a foreign one that does not say it.
struct ImageOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("An .atome image.", valueName: "file"), completion: .file(extensions: ["atome"]))
  var file: String

  @OptionGroup var shapeOptions: ShapeOptions

  /// The image, checked.
  func load() throws -> LoadedImage {
    try LoadedImage(path: file, shape: try shapeOptions.requestedShape())
  }

  /// The image, or a checkpoint, to talk to.
  func loadTalkModel() throws -> any TalkModel {
    try TalkModelFile.read(file, shape: try shapeOptions.requestedShape())
  }
}

/// A shape, by its dimensions or by a preset's name.
struct ShapeOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Dimensions, for an image without our trailer: d_model=64,n_layers=4,d_head=16,top_k=4,kernel=5.",
      valueName: "dimensions"))
  var shape: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A named shape: \(AtomeShape.presets.map(\.name).joined(separator: ", ")); "
        + "train also takes the baselines \(GPTShape.presets.map(\.name).joined(separator: ", ")).",
      valueName: "name"),
    completion: .list(AtomeShape.presets.map(\.name) + GPTShape.presets.map(\.name)))
  var preset: String?

  /// The baseline that was asked for by a preset's name, for windows of `window` bytes.
  func requestedGPT(window: Int) throws -> GPTShape? {
    shape == nil ? preset.flatMap { GPTShape.preset($0, window: window) } : nil
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
