import Foundation

/// The few shapes of SVG that a chart is made of. Equal charts give equal text: coordinates have one decimal, and there
/// are no dates and no random names.
enum SVGText {
  /// Text as XML. Control characters, which XML 1.0 has no spelling for, become the replacement character.
  static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case _ where scalar.value < 0x20 || (0xFFFE...0xFFFF).contains(scalar.value): result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A coordinate in pixels.
  static func number(_ value: Double) -> String {
    let text = String(format: "%.1f", value)
    return text == "-0.0" ? "0.0" : text
  }

  static func line(_ from: Point, _ to: Point, _ style: String) -> String {
    "<line x1=\"\(number(from.x))\" y1=\"\(number(from.y))\" x2=\"\(number(to.x))\" y2=\"\(number(to.y))\" "
      + "class=\"\(style)\"/>"
  }

  static func dot(_ centre: Point, radius: Double, _ style: String) -> String {
    "<circle cx=\"\(number(centre.x))\" cy=\"\(number(centre.y))\" r=\"\(number(radius))\" class=\"\(style)\"/>"
  }

  static func polyline(_ points: [Point], _ style: String) -> String {
    let list = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    return "<polyline points=\"\(list)\" class=\"\(style)\"/>"
  }

  static func rectangle(_ corner: Point, width: Double, height: Double, _ style: String) -> String {
    "<rect x=\"\(number(corner.x))\" y=\"\(number(corner.y))\" width=\"\(number(width))\" "
      + "height=\"\(number(height))\" class=\"\(style)\"/>"
  }

  enum Anchor: String { case start, middle, end }

  static func text(_ text: String, at place: Point, _ style: String, anchor: Anchor = .start, turned: Bool = false)
    -> String
  {
    let turn = turned ? " transform=\"rotate(-90 \(number(place.x)) \(number(place.y)))\"" : ""
    return "<text x=\"\(number(place.x))\" y=\"\(number(place.y))\" text-anchor=\"\(anchor.rawValue)\" "
      + "class=\"\(style)\"\(turn)>\(escape(text))</text>"
  }

  /// A whole file. `title` and `description` are what a screen reader says.
  static func document(width: Double, height: Double, title: String, description: String, _ shapes: [String])
    -> String
  {
    let size = "\(Int(width)) \(Int(height))"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" width="\(Int(width))" height="\(Int(height))" \
      role="img" aria-labelledby="title description">
      <title id="title">\(escape(title))</title>
      <desc id="description">\(escape(description))</desc>
      <style>
      \(ChartStyle.text)
      </style>
      \(([rectangle(Point(x: 0, y: 0), width: width, height: height, "ground")] + shapes).joined(separator: "\n"))
      </svg>

      """
  }
}

/// A place in a picture: x to the right, y down, in pixels.
struct Point: Hashable {
  var x: Double
  var y: Double
}
