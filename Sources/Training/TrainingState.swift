import Kernels

/// The vectors that training changes, all in the parameters' layout.
final class TrainingState: Sendable {
  nonisolated(unsafe) let parameters: MatrixView<Float>
  nonisolated(unsafe) let firstMoment: MatrixView<Float>
  nonisolated(unsafe) let secondMoment: MatrixView<Float>
  /// The batch's gradient.
  nonisolated(unsafe) let gradient: MatrixView<Float>
  /// (lanes, parameters): see `LaneWork`.
  nonisolated(unsafe) let laneGradients: MatrixView<Float>
  private let arena: Arena<Float>

  init(parameterCount: Int, laneCount: Int) {
    arena = Arena(capacity: (4 + laneCount) * Arena<Float>.room(1, parameterCount))
    parameters = arena.takeVector(parameterCount)
    firstMoment = arena.takeVector(parameterCount)
    secondMoment = arena.takeVector(parameterCount)
    gradient = arena.takeVector(parameterCount)
    laneGradients = arena.takeMatrix(laneCount, parameterCount)
  }
}

extension MatrixView<Float> {
  /// A vector's elements.
  var array: [Float] { Array(UnsafeBufferPointer(start: base, count: columnCount)) }

  /// Copies an array of the same length into a vector.
  func fill(from array: [Float]) {
    precondition(array.count == columnCount, "a vector of another length")
    array.withUnsafeBufferPointer { source in
      if let address = source.baseAddress { base.update(from: address, count: array.count) }
    }
  }
}
