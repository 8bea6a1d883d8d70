/// Five trits as a byte: digits 0, 1, 2 for -1, 0, +1 in places worth 1, 3, 9, 28 and 84. The places are those of a
/// table of partial sums whose blocks of 27 are padded to 28, so that two sums always stand in one 32-bit word.
enum TernaryCodes {
  static let groupSize = 5
  static let blockSize = 8
  static let places = [1, 3, 9, 28, 84]

  static func groupCount(_ columnCount: Int) -> Int { (columnCount + groupSize - 1) / groupSize }

  /// Rows one after the other, each in whole groups; missing trits are 0.
  static func rows(_ trits: [Int8], columnCount: Int) -> [UInt8] {
    stride(from: 0, to: trits.count, by: columnCount).flatMap { codes(of: trits[$0..<$0 + columnCount]) }
  }

  /// Blocks of eight rows; in a block the groups one after the other, in a group its eight rows. Missing rows are 0.
  static func product(_ trits: [Int8], columnCount: Int) -> [UInt8] {
    let zero = codes(of: [Int8](repeating: 0, count: columnCount)[...])
    var rows = stride(from: 0, to: trits.count, by: columnCount).map { codes(of: trits[$0..<$0 + columnCount]) }
    while rows.count % blockSize != 0 { rows.append(zero) }
    return stride(from: 0, to: rows.count, by: blockSize).flatMap { block in
      zero.indices.flatMap { group in (block..<block + blockSize).map { rows[$0][group] } }
    }
  }

  private static func codes(of row: ArraySlice<Int8>) -> [UInt8] {
    stride(from: row.startIndex, to: row.endIndex, by: groupSize).map { start in
      places.indices.reduce(0) { code, index in
        let trit = start + index < row.endIndex ? Int(row[start + index]) : 0
        return code + UInt8(truncatingIfNeeded: (trit + 1) * places[index])
      }
    }
  }

  /// The five trits of a code; nil for a code of none.
  static func trits(of code: UInt8) -> [Int8]? {
    guard code < 252, code % 28 < 27 else { return nil }
    let low = code % 28
    return [low % 3, low / 3 % 3, low / 9, code / 28 % 3, code / 84].map { Int8($0) - 1 }
  }
}
