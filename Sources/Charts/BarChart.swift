/// Rows that are each a bar from zero, longest to read at a glance, as an SVG file.
public struct BarChart: Hashable, Sendable {
  public struct Row: Hashable, Sendable {
    public var label: String
    public var value: Double
    /// Said behind the bar.
    public var note: String

    public init(_ label: String, _ value: Double, note: String) {
      self.label = label
      self.value = value
      self.note = note
    }
  }

  public var title: String
  public var axis: Axis
  public var rows: [Row]
  /// A value that should not be passed, drawn as a dashed line.
  public var reference: Double?

  public init(title: String, axis: Axis, rows: [Row], reference: Double? = nil) {
    self.title = title
    self.axis = axis
    self.rows = rows
    self.reference = reference
  }

  private static let width = 560.0
  private static let (top, rowHeight, bottom) = (44.0, 22.0, 46.0)
  private static let longestLabel = 28

  public var svg: String {
    let height = Self.top + Self.rowHeight * Double(max(1, rows.count)) + Self.bottom
    let labels = rows.map { Self.shortened($0.label) }
    let left = 28 + 6.8 * Double(labels.map(\.count).max() ?? 0)
    let right = Self.width - 28 - 6.8 * Double(rows.map(\.note.count).max() ?? 0)
    let values = [0] + rows.map(\.value) + (reference.map { [$0] } ?? [])
    let layout = AxisLayout(
      axis, showing: values, from: left, to: max(right, left + 120), tickCount: Self.tickCount(values))
    let drawn = zip(rows, labels).enumerated().flatMap { index, row in
      shapes(row.0, row.1, layout, y: Self.top + Self.rowHeight * Double(index))
    }
    return SVGText.document(
      width: Self.width, height: height, title: title,
      description: "\(axis.label): " + rows.map { "\($0.label) \($0.note)" }.joined(separator: "; "),
      [SVGText.text(title, at: Point(x: 16, y: 26), "title")] + frame(layout, floor: height - Self.bottom) + drawn
        + mark(layout, floor: height - Self.bottom))
  }

  /// Few things are counted one by one.
  private static func tickCount(_ values: [Double]) -> Int {
    let most = values.max() ?? 0
    return most < 5 && values.allSatisfy { $0 == $0.rounded() } ? max(2, Int(most) + 1) : 6
  }

  private static func shortened(_ label: String) -> String {
    label.count > longestLabel ? "\(label.prefix(longestLabel - 1))…" : label
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
    return columns + [
      SVGText.line(Point(x: start, y: floor), Point(x: end, y: floor), "axis"),
      SVGText.text(axis.label, at: Point(x: (start + end) / 2, y: floor + 37), "label", anchor: .middle),
    ]
  }

  private func mark(_ layout: AxisLayout, floor: Double) -> [String] {
    guard let reference else { return [] }
    let x = layout.pixel(reference)
    return [SVGText.line(Point(x: x, y: Self.top), Point(x: x, y: floor), "mark")]
  }

  private func shapes(_ row: Row, _ label: String, _ layout: AxisLayout, y: Double) -> [String] {
    let isShown = layout.shows(row.value) && row.value > 0
    let end = isShown ? layout.pixel(row.value) : layout.pixel(0)
    let (start, middle) = (layout.pixel(0), y + Self.rowHeight / 2 + 4)
    let bar = SVGText.rectangle(
      Point(x: start, y: y + 4), width: end - start, height: Self.rowHeight - 8, "dot\(ChartStyle.colour(0))")
    return [SVGText.text(label, at: Point(x: 16, y: middle), "value")] + (isShown ? [bar] : []) + [
      SVGText.text(row.note, at: Point(x: Self.width - 14, y: middle), "value", anchor: .end)
    ]
  }
}
