extension Grammar {
  /// The start rule's alternatives, each cut at its line ends: first the person's line, then the device's.
  var startLines: [[[Piece]]] { alternatives(of: start).map { Self.cut($0.pieces) } }

  private static func cut(_ pieces: [Piece]) -> [[Piece]] {
    var lines: [[Piece]] = [[]]
    for piece in pieces {
      guard case .text(let text) = piece else {
        lines[lines.count - 1].append(piece)
        continue
      }
      for (index, part) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        if index > 0 { lines.append([]) }
        if !part.isEmpty { lines[lines.count - 1].append(.text(String(part))) }
      }
    }
    return lines
  }
}
