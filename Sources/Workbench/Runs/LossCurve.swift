import Charts
import Lineage

/// The picture of a run: its training curve, smoothed, and the held-out text's points.
struct LossCurve {
  var title: String
  var lines: RunLog.Lines

  /// Pieces on either side over which the training curve is averaged.
  private static let reach = 3

  var svg: String {
    let heldOut = lines.points.map { SIMD2(Double($0.step), $0.heldOutBitsPerByte) }
    return LineChart(
      title: title, x: Axis("steps"), y: Axis("bits per byte"),
      series: [.init("training", .line, smoothed), .init("held out", .points, heldOut)]
    ).svg
  }

  /// Centred means; towards the ends over what there is on both sides, so that the curve keeps its slope there.
  private var smoothed: [SIMD2<Double>] {
    let pieces = lines.pieces
    return pieces.indices.map { index in
      let reach = min(Self.reach, index, pieces.count - 1 - index)
      let near = pieces[(index - reach)...(index + reach)]
      let mean = near.reduce(0) { $0 + $1.bitsPerByte } / Double(near.count)
      return SIMD2(Double(pieces[index].curveStep), mean)
    }
  }
}

extension RunStatus {
  /// The picture of the run so far; nil before its first save.
  public var curve: String? {
    guard let lines = try? RunLog.Lines(readingFrom: Self.logPath(of: output)), !lines.pieces.isEmpty else {
      return nil
    }
    return LossCurve(title: name, lines: lines).svg
  }
}
