/// How charts look. An SVG shown as an image still follows its reader's light or dark preference.
enum ChartStyle {
  /// Okabe and Ito's colours, which people with any colour vision tell apart; lighter ones on a dark ground.
  private static let light = ["#0072b2", "#d55e00", "#00805c", "#b0508a", "#9a6a00", "#2f6f8f"]
  private static let dark = ["#56b4e9", "#f0883e", "#3fcf9f", "#e39ac8", "#e6b84c", "#8fd0e8"]

  /// The colour's number of the series at that place; colours come round again.
  static func colour(_ index: Int) -> Int { index % light.count }

  static let text = """
    text { font: 12px system-ui, sans-serif; fill: #55595f }
    .title { font-size: 15px; font-weight: 600; fill: #1c1e21 }
    .value { font-variant-numeric: tabular-nums; fill: #1c1e21 }
    .ground { fill: #ffffff }
    .grid { stroke: #e4e4df }
    .axis { stroke: #8a8f96 }
    .mark { stroke: #8a8f96; stroke-dasharray: 4 3 }
    \(colours(light))
    @media (prefers-color-scheme: dark) {
    text { fill: #a4aab2 }
    .title, .value { fill: #e8e8e6 }
    .ground { fill: #15171a }
    .grid { stroke: #2b2f34 }
    .axis, .mark { stroke: #7d838b }
    \(colours(dark))
    }
    """

  private static func colours(_ values: [String]) -> String {
    values.enumerated().map { index, value in
      ".line\(index) { fill: none; stroke: \(value); stroke-width: 2; stroke-linejoin: round }\n"
        + ".dot\(index) { fill: \(value) }"
    }.joined(separator: "\n")
  }
}
