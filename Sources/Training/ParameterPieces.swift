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
}

extension NetworkLayout {
  /// The matrices that Muon may train: hidden linear layers.
  var hiddenMatrices: [ParameterTensor] { tensors.filter(\.isHidden) }

  /// Runs of parameters that are in no hidden matrix, ascending.
  var otherRanges: [Range<Int>] {
    let hidden = Set(hiddenMatrices)
    var ranges: [Range<Int>] = []
    for tensor in tensors where !hidden.contains(tensor) {
      if let last = ranges.last, last.upperBound == tensor.offset {
        ranges[ranges.count - 1] = last.lowerBound..<tensor.range.upperBound
      } else {
        ranges.append(tensor.range)
      }
    }
    return ranges
  }
}
