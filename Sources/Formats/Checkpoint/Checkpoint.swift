import Basics
import Lineage
import Networks

/// An atome model's checkpoint.
public typealias Checkpoint = TrainingCheckpoint<AtomeShape>
/// A baseline's checkpoint.
public typealias GPTCheckpoint = TrainingCheckpoint<GPTShape>

/// A training run between two steps: all that is needed to go on as if it had never stopped.
///
/// The file is specified in docs/formats/checkpoint.md. It holds no time, no thread count and no path, so equal runs
/// leave equal files.
public struct TrainingCheckpoint<Shape: StoredShape>: Hashable, Sendable {
  public var shape: Shape
  public var settings: TrainingSettings
  /// What the tokens that it reads and writes stand for.
  public var vocabulary: Vocabulary
  /// The content id of the training data.
  public var dataID: ContentID
  /// How many steps were done.
  public var step: Int
  /// The batch sampler's state after that step.
  public var generator: SeededGenerator
  /// Float parameters, in the order of the shape's layout.
  public var parameters: [Float]
  /// AdamW's running means of the gradient and of its square, in the same order.
  public var firstMoment: [Float]
  public var secondMoment: [Float]

  public init(
    shape: Shape, settings: TrainingSettings, vocabulary: Vocabulary = .bytes, dataID: ContentID, step: Int,
    generator: SeededGenerator,
    parameters: [Float], firstMoment: [Float], secondMoment: [Float]
  ) {
    self.shape = shape
    self.settings = settings
    self.vocabulary = vocabulary
    self.dataID = dataID
    self.step = step
    self.generator = generator
    self.parameters = parameters
    self.firstMoment = firstMoment
    self.secondMoment = secondMoment
  }

  public var layout: Shape.Layout { Shape.Layout(shape) }

  /// The float values of one tensor, row by row.
  public func values(of tensor: ParameterTensor) -> ArraySlice<Float> { parameters[tensor.range] }
}

/// The part of the file that is JSON.
struct CheckpointHeader<Shape: StoredShape>: Codable {
  static var schema: String { "alambic.checkpoint/3" }

  struct Tensor: Codable, Hashable {
    var name: String
    var rows: Int
    var columns: Int
  }

  var schema: String
  /// Absent for atome models, as it was before there were others.
  var architecture: Architecture?
  var shape: Shape
  var settings: TrainingSettings
  /// The section of docs/formats/vocabulary.md in hexadecimal digits; absent where tokens are bytes.
  var vocabulary: String?
  var data: ContentID
  var step: Int
  var tensors: [Tensor]

  init(_ checkpoint: TrainingCheckpoint<Shape>) {
    schema = Self.schema
    architecture = Shape.architecture == .atome ? nil : Shape.architecture
    shape = checkpoint.shape
    settings = checkpoint.settings
    vocabulary =
      checkpoint.vocabulary.isIdentity ? nil : VocabularyFile.write(checkpoint.vocabulary).hexString
    data = checkpoint.dataID
    step = checkpoint.step
    tensors = Self.tensors(of: checkpoint.shape)
  }

  static func tensors(of shape: Shape) -> [Tensor] {
    Shape.Layout(shape).tensors.map { Tensor(name: $0.name, rows: $0.rowCount, columns: $0.columnCount) }
  }
}
