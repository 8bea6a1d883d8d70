import Networks

extension Requantisation {
  /// Of a product of `preShift`'s columns.
  func callAsFunction(_ product: Int32, preShift: Int32) -> Int32 {
    ((product >> preShift) * multiplier).roundedShift(shift)
  }
}

extension CompactMatrix {
  /// By row: the codes times x, times the row's multiplier.
  func products(_ x: [Int32], rows: Range<Int>? = nil) -> [Int32] {
    (rows ?? 0..<rowCount).map { row in
      let sum = x.indices.reduce(Int32(0)) { $0 + Int32(codes[row * columnCount + $1]) * x[$1] }
      return sum * Int32(multipliers[row])
    }
  }

  /// The same, requantised.
  func callAsFunction(_ x: [Int32], _ by: Requantisation, rows: Range<Int>? = nil) -> [Int32] {
    let preShift = Self.preShift(columnCount: columnCount)
    return products(x, rows: rows).map { by($0, preShift: preShift) }
  }
}

/// RMSNorm of the stream: 8-bit numbers in the norm's own unit.
func compactNorm(_ stream: [Int32], _ norm: CompactNorm) -> [Int32] {
  let x = stream.map { ($0 >> norm.inputShift).clamped(toBits: 16) }
  let squares = x.reduce(UInt64(0)) { $0 + UInt64(Int64($1) * Int64($1)) }
  let inverse = inverseDeviation(squares: squares + UInt64(norm.epsilon), count: UInt32(x.count))
  return x.indices.map { c in
    let y = (x[c] * inverse) >> 13
    return (y * Int32(norm.gain[c])).roundedShift(norm.outputShift).clamped(toBits: 8)
  }
}

/// The sigmoid of a number of 1/2048 octaves, in units of 2^-15.
func compactGate(_ octaves: Int32) -> Int32 {
  let part = Int32((1 << 30) / (IntegerBounds.oneUnsigned + atomeExp2Down(octaves.magnitude)))
  return octaves >= 0 ? part : IntegerBounds.one - part
}
