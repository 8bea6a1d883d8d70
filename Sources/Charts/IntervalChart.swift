/// Rows that are each a value within an interval, over one axis, as an SVG file.
public struct IntervalChart: Hashable, Sendable {
  public struct Row: Hashable, Sendable {
    public var label: String
    /// Where the dot stands: a median, an estimate.
    public var value: Double
    /// From the least to the largest, or a confidence interval.
    public var interval: ClosedRange<Double>
    /// Said at the row's end.
    public var note: String
    /// Rows of one group share a colour.
    public var group: Int

    public init(_ label: String, _ value: Double, _ interval: ClosedRange<Double>, note: String, group: Int = 0) {
      self.label = label
      self.value = value
      self.interval = interval
      self.note = note
      self.group = group
    }
  }

  public var title: String
  public var axis: Axis
  public var rows: [Row]
  /// A value to compare with, drawn as a dashed line.
  public var reference: Double?

  public init(title: String, axis: Axis, rows: [Row], reference: Double? = nil) {
    self.title = title
    self.axis = axis
    self.rows = rows
    self.reference = reference
  }

  private static let width = 760.0
  private static let (top, rowHeight, bottom) = (48.0, 26.0, 48.0)

  public var svg: String {
    let height = Self.top + Self.rowHeight * Double(max(1, rows.count)) + Self.bottom
    let left = 24 + 6.8 * Double(rows.map(\.label.count).max() ?? 0)
    let right = Self.width - 24 - 6.8 * Double(rows.map(\.note.count).max() ?? 0)
    let values = rows.flatMap { [$0.value, $0.interval.lowerBound, $0.interval.upperBound] }
    let layout = AxisLayout(
      axis, showing: values + (reference.map { [$0] } ?? []), from: left, to: max(right, left + 120))
    let drawn = rows.enumerated().flatMap { index, row in
      shapes(row, layout, y: Self.top + Self.rowHeight * (Double(index) + 0.5))
    }
    return SVGText.document(
      width: Self.width, height: height, title: title,
      description: "\(axis.label): " + rows.map { "\($0.label) \($0.note)" }.joined(separator: "; "),
      [SVGText.text(title, at: Point(x: 16, y: 26), "title")] + frame(layout, floor: height - Self.bottom) + drawn)
  }

  private func frame(_ layout: AxisLayout, floor: Double) -> [String] {
    let (start, end) = (layout.pixel(layout.low), layout.pixel(layout.high))
    let columns = layout.ticks.flatMap { tick in
      let x = layout.pixel(tick)
      return [
        SVGText.line(Point(x: x, y: Self.top), Point(x: x, y: floor), "grid"),
        SVGText.text(layout.text(tick), at: Point(x: x, y: floor + 18), "tick", anchor: .middle),
      ]
    }
    let mark = reference.map { value in
      [
        SVGText.line(
          Point(x: layout.pixel(value), y: Self.top), Point(x: layout.pixel(value), y: floor), "mark")
      ]
    }
    return columns + (mark ?? []) + [
      SVGText.line(Point(x: start, y: floor), Point(x: end, y: floor), "axis"),
      SVGText.text(axis.label, at: Point(x: (start + end) / 2, y: floor + 38), "label", anchor: .middle),
    ]
  }

  private func shapes(_ row: Row, _ layout: AxisLayout, y: Double) -> [String] {
    let colour = ChartStyle.colour(row.group)
    var shapes = [SVGText.text(row.label, at: Point(x: 16, y: y + 4), "value")]
    if layout.shows(row.interval.lowerBound), layout.shows(row.interval.upperBound), layout.shows(row.value) {
      shapes += [
        SVGText.line(
          Point(x: layout.pixel(row.interval.lowerBound), y: y),
          Point(x: layout.pixel(row.interval.upperBound), y: y), "line\(colour)"),
        SVGText.dot(Point(x: layout.pixel(row.value), y: y), radius: 4.5, "dot\(colour)"),
      ]
    }
    return shapes + [SVGText.text(row.note, at: Point(x: Self.width - 12, y: y + 4), "value", anchor: .end)]
  }
}
