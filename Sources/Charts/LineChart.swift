/// Curves and points over two axes, as an SVG file.
public struct LineChart: Hashable, Sendable {
  /// Values that belong together.
  public struct Series: Hashable, Sendable {
    public enum Mark: Hashable, Sendable { case line, points }

    public var name: String
    public var mark: Mark
    /// In the order in which a line joins them.
    public var values: [SIMD2<Double>]

    public init(_ name: String, _ mark: Mark, _ values: [SIMD2<Double>]) {
      self.name = name
      self.mark = mark
      self.values = values
    }
  }

  public var title: String
  public var x: Axis
  public var y: Axis
  public var series: [Series]

  public init(title: String, x: Axis, y: Axis, series: [Series]) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
  }

  private static let (width, height) = (720.0, 380.0)
  private static let (left, right, top, bottom) = (64.0, 24.0, 62.0, 48.0)

  /// The picture. What has no place on an axis (not a number; not above zero on a logarithmic one) is left out.
  public var svg: String {
    let all = series.flatMap(\.values)
    let across = AxisLayout(x, showing: all.map(\.x), from: Self.left, to: Self.width - Self.right, tickCount: 7)
    let up = AxisLayout(y, showing: all.map(\.y), from: Self.height - Self.bottom, to: Self.top)
    return SVGText.document(
      width: Self.width, height: Self.height, title: title,
      description: "\(y.label) over \(x.label): " + series.map(\.name).joined(separator: ", "),
      [SVGText.text(title, at: Point(x: 16, y: 24), "title")] + legend + grid(across, up) + curves(across, up))
  }

  private var legend: [String] {
    var place = 16.0
    return series.enumerated().flatMap { index, series in
      defer { place += 34 + 6.6 * Double(series.name.count) }
      let key = Point(x: place + 6, y: 42)
      return [
        mark(series.mark, ChartStyle.colour(index), key),
        SVGText.text(series.name, at: Point(x: place + 18, y: 46), "key"),
      ]
    }
  }

  private func mark(_ mark: Series.Mark, _ colour: Int, _ centre: Point) -> String {
    switch mark {
    case .points: SVGText.dot(centre, radius: 3.5, "dot\(colour)")
    case .line:
      SVGText.line(Point(x: centre.x - 7, y: centre.y), Point(x: centre.x + 7, y: centre.y), "line\(colour)")
    }
  }

  private func grid(_ across: AxisLayout, _ up: AxisLayout) -> [String] {
    let (floor, edge) = (Self.height - Self.bottom, Self.width - Self.right)
    let rows = up.ticks.flatMap { tick in
      let y = up.pixel(tick)
      return [
        SVGText.line(Point(x: Self.left, y: y), Point(x: edge, y: y), "grid"),
        SVGText.text(up.text(tick), at: Point(x: Self.left - 8, y: y + 4), "tick", anchor: .end),
      ]
    }
    let columns = across.ticks.flatMap { tick in
      let x = across.pixel(tick)
      return [
        SVGText.line(Point(x: x, y: floor), Point(x: x, y: floor + 5), "axis"),
        SVGText.text(across.text(tick), at: Point(x: x, y: floor + 19), "tick", anchor: .middle),
      ]
    }
    return rows + columns + [
      SVGText.line(Point(x: Self.left, y: floor), Point(x: edge, y: floor), "axis"),
      SVGText.text(x.label, at: Point(x: (Self.left + edge) / 2, y: Self.height - 10), "label", anchor: .middle),
      SVGText.text(y.label, at: Point(x: 18, y: (Self.top + floor) / 2), "label", anchor: .middle, turned: true),
    ]
  }

  private func curves(_ across: AxisLayout, _ up: AxisLayout) -> [String] {
    series.enumerated().flatMap { index, series in
      let colour = ChartStyle.colour(index)
      let points = series.values.filter { across.shows($0.x) && up.shows($0.y) }
        .map { Point(x: across.pixel($0.x), y: up.pixel($0.y)) }
      switch series.mark {
      case .line: return points.isEmpty ? [] : [SVGText.polyline(points, "line\(colour)")]
      case .points: return points.map { SVGText.dot($0, radius: 3.5, "dot\(colour)") }
      }
    }
  }
}
