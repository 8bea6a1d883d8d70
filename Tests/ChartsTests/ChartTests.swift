import Charts
import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What a real XML parser finds in a picture.
private final class Parsed: NSObject, XMLParserDelegate {
  var elements: [(name: String, attributes: [String: String])] = []
  var texts: [String] = []
  private var text = ""

  init(_ svg: String) throws {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    let isWellFormed = parser.parse()
    try #require(isWellFormed, "\(String(describing: parser.parserError)) in line \(parser.lineNumber)")
  }

  func named(_ name: String) -> [[String: String]] { elements.filter { $0.name == name }.map(\.attributes) }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append((name, attributes))
    text = ""
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    if name == "text" { texts.append(text) }
  }
}

@Suite("Charts")
struct ChartTests {
  private static func chart(_ values: [SIMD2<Double>], x: Axis.Scale = .linear) -> LineChart {
    LineChart(
      title: "loss", x: Axis("steps", scale: x), y: Axis("bits per byte"),
      series: [.init("training", .line, values), .init("held out", .points, values)])
  }

  @Test("a line chart is well-formed, has round ticks, and a dot for every point")
  func line() throws {
    let picture = try Parsed(Self.chart([[0, 2.1], [1500, 3.9], [3000, 2.5]]).svg)
    // One dot stands in the legend.
    #expect(picture.named("circle").count == 4)
    #expect(picture.named("polyline").count == 1)
    #expect(["0", "500", "1,000", "3,000"].allSatisfy(picture.texts.contains), "\(picture.texts)")
    #expect(["2.0", "2.5", "4.0", "bits per byte", "held out"].allSatisfy(picture.texts.contains))
  }

  @Test("a bar's length is its value, from zero on; nothing is drawn for zero, and long labels are cut")
  func bars() throws {
    let rows = [("one", 10.0), ("two", 5.0), ("none", 0.0), (String(repeating: "long ", count: 20), 2.5)]
    let chart = BarChart(
      title: "<bars>", axis: Axis("texts"), rows: rows.map { BarChart.Row($0.0, $0.1, note: "\($0.1)") }, reference: 8)
    let picture = try Parsed(chart.svg)
    let widths = picture.named("rect").dropFirst().compactMap { $0["width"].flatMap { Double($0) } }
    #expect(widths.count == 3 && abs(widths[1] * 2 - widths[0]) < 0.2 && abs(widths[2] * 4 - widths[0]) < 0.3)
    #expect(picture.texts.contains("<bars>") && picture.texts.contains { $0.hasSuffix("…") && $0.count == 28 })
    #expect(picture.named("line").contains { $0["class"] == "mark" })
    for rectangle in picture.named("rect") {
      let (x, width) = (Double(rectangle["x"] ?? "") ?? -1, Double(rectangle["width"] ?? "") ?? -1)
      #expect(x >= 0 && width >= 0 && x + width <= 560)
    }
    #expect(try Parsed(BarChart(title: "empty", axis: Axis("x"), rows: []).svg).named("rect").count == 1)
  }

  @Test("a larger value stands higher, and further to the right; nothing leaves the picture")
  func places() throws {
    let picture = try Parsed(Self.chart([[1, 1], [10, 2], [100, 3]], x: .logarithmic).svg)
    let dots = picture.named("circle").suffix(3)
    let x = dots.compactMap { $0["cx"].flatMap(Double.init) }
    let y = dots.compactMap { $0["cy"].flatMap(Double.init) }
    #expect(x == x.sorted() && y == y.sorted(by: >))
    // Equal ratios are equally far apart.
    #expect(abs((x[1] - x[0]) - (x[2] - x[1])) < 0.2)
    #expect(x.allSatisfy { (0...720).contains($0) } && y.allSatisfy { (0...380).contains($0) })
  }

  @Test("text with markup, values that are no numbers, one value or none: still a picture")
  func oddValues() throws {
    for values: [SIMD2<Double>] in [[], [[3, 3]], [[.nan, 1], [1, .infinity], [2, 2]], [[-1, 0], [0, 0]]] {
      for scale in [Axis.Scale.linear, .logarithmic] {
        var chart = Self.chart(values, x: scale)
        chart.title = "a < b & \"c\" 'd' \u{1} é 火"
        let picture = try Parsed(chart.svg)
        #expect(picture.texts.contains("a < b & \"c\" 'd' \u{FFFD} é 火"))
        #expect(!chart.svg.contains("nan") && !chart.svg.contains("inf"))
      }
    }
  }

  @Test("equal charts give equal text, in light and dark")
  func deterministic() {
    let chart = Self.chart([[0, 1], [1, 2]])
    #expect(chart.svg == chart.svg)
    #expect(chart.svg.contains("prefers-color-scheme: dark"))
  }

  @Test("an interval chart has a row's name, note, dot and interval, and the reference")
  func intervals() throws {
    let chart = IntervalChart(
      title: "difference", axis: Axis("bits per byte"),
      rows: [
        .init("atome-60k", 0, 0...0, note: "first"), .init("gpt-60k", 0.2, 0.1...0.35, note: "+0.200", group: 1),
      ], reference: 0)
    let picture = try Parsed(chart.svg)
    #expect(picture.named("circle").count == 2)
    #expect(picture.named("line").filter { $0["class"] == "mark" }.count == 1)
    #expect(["atome-60k", "+0.200", "0.1", "0.0"].allSatisfy(picture.texts.contains), "\(picture.texts)")
    let interval = try #require(picture.named("line").first { $0["class"] == "line1" })
    let (from, to) = (Double(interval["x1"] ?? "") ?? 0, Double(interval["x2"] ?? "") ?? 0)
    let dot = try #require(picture.named("circle").last?["cx"].flatMap(Double.init))
    #expect(from < dot && dot < to)
  }

  @Test("points have labels that cover neither each other nor a point, and stay in the picture")
  func points() throws {
    let places: [SIMD2<Double>] = [
      [20_904, 1.933], [20_868, 2.189], [20_816, 2.135], [20_892, 2.183], [20_872, 2.142], [22_195, 2.121],
      [226_864, 1.773], [276_655, 1.765], [282_419, 1.468],
    ]
    let chart = PointChart(
      title: "worth", x: Axis("bytes of flash", scale: .logarithmic), y: Axis("bits per byte"),
      marks: places.enumerated().map { .init("a student of number \($0)", $1, group: $0 % 3) })
    let picture = try Parsed(chart.svg)
    func numbers(_ element: [String: String], _ keys: [String]) throws -> [Double] {
      try keys.map { try #require(element[$0].flatMap(Double.init)) }
    }
    let dots = try picture.named("circle").map { try numbers($0, ["cx", "cy"]) }
    #expect(dots.count == places.count)
    var boxes: [(x: ClosedRange<Double>, y: ClosedRange<Double>)] = []
    for text in picture.named("text") where text["class"] == "value" {
      let place = try numbers(text, ["x", "y"])
      let width = 6.5 * Double("a student of number 0".count)
      let start = place[0] - (["middle": width / 2, "end": width][text["text-anchor"] ?? ""] ?? 0)
      boxes.append((start...(start + width), (place[1] - 9)...(place[1] + 2)))
    }
    #expect(boxes.count == places.count)
    for (index, box) in boxes.enumerated() {
      #expect((0...720).contains(box.x.lowerBound) && (0...720).contains(box.x.upperBound))
      for dot in dots { #expect(!(box.x.contains(dot[0]) && box.y.contains(dot[1])), "label \(index)") }
      for other in boxes[..<index] {
        #expect(!(box.x.overlaps(other.x) && box.y.overlaps(other.y)), "label \(index)")
      }
    }
    // Above is worse, and to the right takes more.
    #expect(dots[1][1] < dots[0][1] && dots[8][0] > dots[0][0])
    #expect(try Parsed(PointChart(title: "", x: Axis(""), y: Axis(""), marks: []).svg).named("circle").isEmpty)
  }

  @Test("an empty interval chart is well-formed")
  func empty() throws {
    _ = try Parsed(IntervalChart(title: "", axis: Axis(""), rows: []).svg)
  }

  @Test("nearly equal values of a logarithmic axis stand side by side, between ticks that say where")
  func narrow() throws {
    let svg = PointChart(
      title: "t", x: Axis("bytes", scale: .logarithmic), y: Axis("bits"),
      marks: [PointChart.Mark("a", [63_548, 1.54]), PointChart.Mark("b", [64_152, 1.44])]
    ).svg
    let places = svg.matches(of: /cx="([\d.]+)"/).compactMap { Double($0.1) }
    #expect(places.count == 2 && abs(places[0] - places[1]) < 20, "\(places)")
    for tick in ["50,000", "60,000", "70,000"] { #expect(svg.contains(">\(tick)<"), "\(tick)") }
  }
}
