import Basics
import Lineage
import Networks

/// The architectures that there are. One registers here once, and by its conformances: to `StoredShape` with its
/// layout, to `TrainableShape` with its graph, to `RunnableShape` with its engine, and to `Student` with its costs.
public enum Architectures {
  public static let all: [any StoredShape.Type] = [AtomeShape.self, CompactShape.self, GPTShape.self]

  /// The names of all presets, by architecture, then by size.
  public static var presetNames: [String] { all.flatMap { $0.presetNames } }

  /// A preset's shape, for windows of `window` tokens; a compact student's may be said by its dimensions.
  /// - Throws: `HintedError` for a name that is no preset's, with the names.
  public static func shape(preset name: String, window: Int) throws -> any StoredShape {
    if CompactShape.claims(name) { return try CompactShape(parsing: name) }
    for architecture in all {
      if let shape = architecture.preset(name, window: window) { return shape }
    }
    let near = EditDistance.nearest(to: name, in: presetNames).map { "did you mean '\($0)'? " } ?? ""
    throw HintedError(
      "there is no preset '\(name)'", hint: "\(near)presets: \(presetNames.joined(separator: ", "))", status: .usage)
  }
}

/// A checkpoint of whichever architecture.
public protocol StoredCheckpoint: Sendable {
  associatedtype Shape: StoredShape
  var shape: Shape { get }
  var settings: TrainingSettings { get }
  /// What the tokens that it reads and writes stand for.
  var vocabulary: Vocabulary { get }
  /// The content id of the training data.
  var dataID: ContentID { get }
  /// How many steps were done.
  var step: Int { get }
  var layout: Shape.Layout { get }
  /// The float values of one tensor, row by row.
  func values(of tensor: ParameterTensor) -> ArraySlice<Float>
}

extension TrainingCheckpoint: StoredCheckpoint {}

extension CheckpointFile {
  /// Reads a checkpoint of any architecture.
  /// - Throws: `HintedError` for a truncated, altered or foreign file.
  public static func read(_ bytes: [UInt8], name: String) throws -> any StoredCheckpoint {
    let wanted = try architecture(of: bytes, name: name)
    guard let shape = Architectures.all.first(where: { $0.architecture == wanted }) else {
      throw HintedError("\(name): a checkpoint of \(wanted.name), which this program does not know")
    }
    return try shape.checkpoint(decoding: bytes, name: name)
  }
}

extension StoredShape {
  fileprivate static func checkpoint(decoding bytes: [UInt8], name: String) throws -> any StoredCheckpoint {
    try TrainingCheckpoint<Self>(decoding: bytes, name: name)
  }
}
