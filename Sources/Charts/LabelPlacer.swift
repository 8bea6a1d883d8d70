/// Finds places for labels of points, one after the other, so that none covers a point or another label as long as
/// there is room: of the places around a point the first that is free, else the one that covers least.
struct LabelPlacer {
  /// Where a label stands.
  struct Place {
    /// Of the text's baseline.
    var point: Point
    /// Which end of the text stands there.
    var anchor: SVGText.Anchor
    /// Where a line from the point ends that says whose label this is; nil for one that stands beside its point.
    var leader: Point?
  }

  /// A box in pixels.
  private struct Box {
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double

    func overlap(with other: Box) -> Double {
      let width = min(right, other.right) - max(left, other.left)
      let height = min(bottom, other.bottom) - max(top, other.top)
      return width > 0 && height > 0 ? width * height : 0
    }

    var area: Double { (right - left) * (bottom - top) }
  }

  private static let lineHeight = 13.0
  private static let gap = 5.0
  private static let leaderLength = 22.0
  private static let characterWidth = 6.8
  /// How far up and down a label may be moved.
  private static let lines = [1.0, -1, 2, -2, 3, -3, 4, -4, 5, -5]

  private let radius: Double
  private let plot: Box
  private var taken: [Box]

  init(dots: [Point], radius: Double, left: Double, right: Double, top: Double, bottom: Double) {
    self.radius = radius
    plot = Box(left: left, right: right, top: top, bottom: bottom)
    taken = dots.map {
      Box(left: $0.x - radius, right: $0.x + radius, top: $0.y - radius, bottom: $0.y + radius)
    }
  }

  mutating func place(_ label: String, beside dot: Point) -> Place {
    let width = Self.characterWidth * Double(label.count)
    let places = Self.beside(dot, radius + Self.gap) + Self.lines.flatMap { away(from: dot, lines: $0) }
    let boxes = places.map { Self.box($0, width) }
    let costs = boxes.map(cost)
    let best = costs.indices.min { costs[$0] < costs[$1] } ?? 0
    taken.append(boxes[best])
    return places[best]
  }

  /// Right, left, above and below.
  private static func beside(_ dot: Point, _ distance: Double) -> [Place] {
    [
      Place(point: Point(x: dot.x + distance, y: dot.y + 4), anchor: .start),
      Place(point: Point(x: dot.x - distance, y: dot.y + 4), anchor: .end),
      Place(point: Point(x: dot.x, y: dot.y - distance - 1), anchor: .middle),
      Place(point: Point(x: dot.x, y: dot.y + distance + 9), anchor: .middle),
    ]
  }

  /// To the right and to the left, so many lines below.
  private func away(from dot: Point, lines: Double) -> [Place] {
    [SVGText.Anchor.start, .end].map { anchor in
      let sign = anchor == .start ? 1.0 : -1
      let end = Point(x: dot.x + sign * (radius + Self.leaderLength), y: dot.y + lines * Self.lineHeight)
      return Place(point: Point(x: end.x + sign * 3, y: end.y + 4), anchor: anchor, leader: end)
    }
  }

  private static func box(_ place: Place, _ width: Double) -> Box {
    let start =
      switch place.anchor {
      case .start: place.point.x
      case .middle: place.point.x - width / 2
      case .end: place.point.x - width
      }
    return Box(left: start, right: start + width, top: place.point.y - 10, bottom: place.point.y + 3)
  }

  /// What it covers, and what of it stands outside of the plot.
  private func cost(of box: Box) -> Double {
    taken.reduce(box.area - box.overlap(with: plot)) { $0 + $1.overlap(with: box) }
  }
}
