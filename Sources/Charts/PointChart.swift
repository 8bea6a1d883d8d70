/// Labelled points over two axes, as an SVG file: what each of a few models takes, and what it is worth.
public struct PointChart: Hashable, Sendable {
  public struct Mark: Hashable, Sendable {
    public var label: String
    public var place: SIMD2<Double>
    /// Points of one group share a colour.
    public var group: Int

    public init(_ label: String, _ place: SIMD2<Double>, group: Int = 0) {
      self.label = label
      self.place = place
      self.group = group
    }
  }

  public var title: String
  public var x: Axis
  public var y: Axis
  public var marks: [Mark]
  /// Points that a line joins, such as those of a front.
  public var lines: [[SIMD2<Double>]] = []

  public init(title: String, x: Axis, y: Axis, marks: [Mark]) {
    self.title = title
    self.x = x
    self.y = y
    self.marks = marks
  }

  private static let (width, height) = (720.0, 400.0)
  /// Room for labels is left beside the outermost points.
  private static let (left, right, top, bottom) = (64.0, 24.0, 44.0, 48.0)
  private static let inset = 36.0
  private static let radius = 4.5

  /// The picture. What has no place on an axis (not a number; not above zero on a logarithmic one) is left out.
  public var svg: String {
    let (floor, edge) = (Self.height - Self.bottom, Self.width - Self.right)
    let across = AxisLayout(
      x, showing: marks.map(\.place.x), from: Self.left + Self.inset, to: edge - Self.inset, tickCount: 7)
    let up = AxisLayout(y, showing: marks.map(\.place.y), from: floor - Self.inset / 2, to: Self.top + Self.inset / 2)
    return SVGText.document(
      width: Self.width, height: Self.height, title: title,
      description: "\(y.label) over \(x.label): " + marks.map(\.label).filter { !$0.isEmpty }.joined(separator: ", "),
      [SVGText.text(title, at: Point(x: 16, y: 26), "title")] + grid(across, up, floor: floor, edge: edge)
        + joined(across, up) + points(across, up, floor: floor, edge: edge))
  }

  private func joined(_ across: AxisLayout, _ up: AxisLayout) -> [String] {
    lines.flatMap { line in
      let places = line.filter { across.shows($0.x) && up.shows($0.y) }
        .map { Point(x: across.pixel($0.x), y: up.pixel($0.y)) }
      return zip(places, places.dropFirst()).map { SVGText.line($0, $1, "axis") }
    }
  }

  private func grid(_ across: AxisLayout, _ up: AxisLayout, floor: Double, edge: Double) -> [String] {
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
        SVGText.line(Point(x: x, y: Self.top), Point(x: x, y: floor), "grid"),
        SVGText.text(across.text(tick), at: Point(x: x, y: floor + 19), "tick", anchor: .middle),
      ]
    }
    return rows + columns + [
      SVGText.line(Point(x: Self.left, y: floor), Point(x: edge, y: floor), "axis"),
      SVGText.text(x.label, at: Point(x: (Self.left + edge) / 2, y: Self.height - 10), "label", anchor: .middle),
      SVGText.text(y.label, at: Point(x: 18, y: (Self.top + floor) / 2), "label", anchor: .middle, turned: true),
    ]
  }

  private func points(_ across: AxisLayout, _ up: AxisLayout, floor: Double, edge: Double) -> [String] {
    let shown = marks.filter { across.shows($0.place.x) && up.shows($0.place.y) }
    let places = shown.map { Point(x: across.pixel($0.place.x), y: up.pixel($0.place.y)) }
    // A point without a name still stands in the way of names.
    var labels = LabelPlacer(
      dots: places, radius: Self.radius, left: Self.left, right: edge, top: Self.top, bottom: floor)
    return zip(shown, places).flatMap { mark, place in
      guard !mark.label.isEmpty else {
        return [SVGText.dot(place, radius: Self.radius, "dot\(ChartStyle.colour(mark.group))")]
      }
      let label = labels.place(mark.label, beside: place)
      return (label.leader.map { [SVGText.line(place, $0, "axis")] } ?? []) + [
        SVGText.dot(place, radius: Self.radius, "dot\(ChartStyle.colour(mark.group))"),
        SVGText.text(mark.label, at: label.point, "value", anchor: label.anchor),
      ]
    }
  }
}
