import Networks

extension CompactMatrix {
  /// Fewer save no block of eight rows, and the map has 32 bytes.
  private static let leastSharingCount = 9

  /// A table of 256 rows with its most frequent row stored once, behind all others: what an image stores. No logit is
  /// another for it. Tokens that training never met start equal and stay so (`ParameterInitialiser`), so it is theirs.
  func sharingRows() -> (rows: TableRows, table: CompactMatrix) {
    let tokensByRow = Dictionary(grouping: 0..<rowCount, by: row)
    let largest = tokensByRow.values.max { ($0.count, -$0[0]) < ($1.count, -$1[0]) } ?? []
    guard largest.count >= Self.leastSharingCount, let first = largest.first else { return (.whole, self) }
    let shared = Set(largest)
    let rows = TableRows(own: (0..<rowCount).map { !shared.contains($0) })
    return (rows, select((0..<rowCount).filter { !shared.contains($0) } + [first]))
  }

  /// Codes and the multiplier.
  private func row(_ index: Int) -> [Int] {
    codes[index * columnCount..<(index + 1) * columnCount].map(Int.init) + [Int(multipliers[index])]
  }

  private func select(_ indices: [Int]) -> CompactMatrix {
    CompactMatrix(
      columnCount: columnCount, multipliers: indices.map { multipliers[$0] },
      codes: indices.flatMap { codes[$0 * columnCount..<($0 + 1) * columnCount] })
  }
}
