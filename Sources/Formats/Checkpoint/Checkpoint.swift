import Basics
import Lineage

/// A training run between two steps: all that is needed to go on as if it had never stopped.
///
/// The file is specified in docs/formats/checkpoint.md. It holds no time, no thread count and no path, so equal runs
/// leave equal files.
public struct Checkpoint: Hashable, Sendable {
  public var shape: AtomeShape
  public var settings: TrainingSettings
  /// The content id of the training data.
  public var dataID: ContentID
  /// How many steps were done.
  public var step: Int
  /// The batch sampler's state after that step.
  public var generator: SeededGenerator
  /// Float parameters, in the order of `ParameterLayout(shape)`.
  public var parameters: [Float]
  /// AdamW's running means of the gradient and of its square, in the same order.
  public var firstMoment: [Float]
  public var secondMoment: [Float]

  public init(
    shape: AtomeShape, settings: TrainingSettings, dataID: ContentID, step: Int, generator: SeededGenerator,
    parameters: [Float], firstMoment: [Float], secondMoment: [Float]
  ) {
    self.shape = shape
    self.settings = settings
    self.dataID = dataID
    self.step = step
    self.generator = generator
    self.parameters = parameters
    self.firstMoment = firstMoment
    self.secondMoment = secondMoment
  }

  public var layout: ParameterLayout { ParameterLayout(shape) }

  /// The float values of one tensor, row by row.
  public func values(of tensor: ParameterLayout.Tensor) -> ArraySlice<Float> { parameters[tensor.range] }
}

/// The part of the file that is JSON.
struct CheckpointHeader: Codable {
  static let schema = "alambic.checkpoint/1"

  struct Tensor: Codable, Hashable {
    var name: String
    var rows: Int
    var columns: Int
  }

  var schema: String
  var shape: AtomeShape
  var settings: TrainingSettings
  var data: ContentID
  var step: Int
  var tensors: [Tensor]

  init(_ checkpoint: Checkpoint) {
    schema = Self.schema
    shape = checkpoint.shape
    settings = checkpoint.settings
    data = checkpoint.dataID
    step = checkpoint.step
    tensors = Self.tensors(of: checkpoint.shape)
  }

  static func tensors(of shape: AtomeShape) -> [Tensor] {
    ParameterLayout(shape).tensors.map { Tensor(name: $0.name, rows: $0.rowCount, columns: $0.columnCount) }
  }
}
