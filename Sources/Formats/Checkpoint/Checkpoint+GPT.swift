import Networks

extension TrainingCheckpoint where Shape == GPTShape {
  /// What the network computes with: the parameters, or what they were rounded to in training.
  public var weights: [Float] { settings.weights.map { rounded(levels: $0.levels) } ?? parameters }

  /// The parameters with each row of a matrix or table rounded to its scale's multiples; vectors stay.
  public func rounded(levels: Int) -> [Float] {
    var rounded = parameters
    for tensor in layout.tensors where tensor.rowCount > 1 {
      let codes = RowCodes(rounding: parameters[tensor.range], columnCount: tensor.columnCount, levels: levels)
      rounded.replaceSubrange(tensor.range, with: codes.values)
    }
    return rounded
  }
}
