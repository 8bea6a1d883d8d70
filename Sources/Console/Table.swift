/// Aligned columns for a person: left for text, right for numbers.
public struct Table {
  public enum Alignment: Sendable { case left, right }

  private let headings: [String]
  private let alignments: [Alignment]
  private var rows: [[String]] = []

  public init(_ columns: [(heading: String, alignment: Alignment)]) {
    headings = columns.map(\.heading)
    alignments = columns.map(\.alignment)
  }

  /// Adds a row with as many cells as there are columns.
  public mutating func add(_ cells: [String]) {
    precondition(cells.count == headings.count, "a row has one cell a column")
    rows.append(cells)
  }

  /// The table's lines; no line ends in a space.
  public var text: String {
    let widths = headings.indices.map { column in
      ([headings] + rows).map { $0[column].count }.max() ?? 0
    }
    return ([headings] + rows).map { row in
      let line = row.indices.map { pad(row[$0], to: widths[$0], alignments[$0]) }.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }

  private func pad(_ cell: String, to width: Int, _ alignment: Alignment) -> String {
    let spaces = String(repeating: " ", count: width - cell.count)
    return alignment == .left ? cell + spaces : spaces + cell
  }
}
