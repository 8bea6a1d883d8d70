import Formats

/// The flat vector of parameters in pieces that fit the first cache with their moments. Where pieces end is part of the
/// result, since each has its own sum of squares.
enum ParameterPieces {
  static let pieceParameterCount = 4096

  /// `range` in pieces.
  static func pieces(of range: Range<Int>) -> [Range<Int>] {
    stride(from: range.lowerBound, to: range.upperBound, by: pieceParameterCount).map {
      $0..<min($0 + pieceParameterCount, range.upperBound)
    }
  }

  /// What tensors cover, ascending; neighbours make one run.
  static func runs(of tensors: [ParameterTensor]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for tensor in tensors {
      if let last = runs.last, last.upperBound == tensor.offset {
        runs[runs.count - 1] = last.lowerBound..<tensor.range.upperBound
      } else {
        runs.append(tensor.range)
      }
    }
    return runs
  }
}

extension NetworkLayout {
  /// The matrices that Muon may train: hidden linear layers.
  var hiddenMatrices: [ParameterTensor] { tensors.filter(\.isHidden) }
}
