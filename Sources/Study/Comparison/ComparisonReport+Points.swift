import Charts
import Formats

/// What a comparison's pictures show beside its medians: worth over what it costs, a point a model.
extension ComparisonReport {
  private struct Model {
    var name: String
    var flashByteCount: Int
    var instructionCount: Int?
    var bitsPerByte: Double
    var group: Int
  }

  /// Every row that is another model, and the models of others.
  private var models: [Model] {
    var seen: Set<String> = []
    let rows = sections.flatMap(\.rows).filter { row in seen.insert("\(row.name), \(row.flashByteCount)").inserted }
    return rows.map { row in
      Model(
        name: row.name, flashByteCount: row.flashByteCount, instructionCount: row.instructionCount,
        bitsPerByte: row.median, group: row.name.hasPrefix("gpt") || row.name.contains("n_heads=") ? 1 : 0)
    }
      + (peers ?? []).map { peer in
        Model(
          name: peer.name, flashByteCount: peer.flashByteCount, instructionCount: peer.instructionCount,
          bitsPerByte: peer.bitsPerByte, group: 2)
      }
  }

  /// `compare-flash.svg`.
  public var flashSVG: String {
    points("Bits per byte of the test over flash", Axis("bytes of flash", scale: .logarithmic)) { $0.flashByteCount }
  }

  /// `compare-instructions.svg`: what no engine here runs is not on it.
  public var instructionsSVG: String {
    points(
      "Bits per byte of the test over instructions", Axis("instructions for a byte of text", scale: .logarithmic)
    ) { $0.instructionCount }
  }

  private func points(_ title: String, _ x: Axis, of cost: (Model) -> Int?) -> String {
    PointChart(
      title: title, x: x, y: Axis("bits per byte: less is better"),
      marks: models.compactMap { model in
        cost(model).map { PointChart.Mark(model.name, [Double($0), model.bitsPerByte], group: model.group) }
      }
    ).svg
  }
}
