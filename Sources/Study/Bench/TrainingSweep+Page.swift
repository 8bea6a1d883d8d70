import Basics
import Charts
import Foundation

extension TrainingSweep {
  /// The page, whose picture lies beside it.
  /// - Parameters:
  ///   - command: the command that writes it.
  ///   - picture: the name of the picture's file.
  public func markdown(command: String, picture: String) -> String {
    """
    # What a byte of training costs

    Written by the command below; do not edit. Nanoseconds a byte of a training step, the best of all steps of
    \(roundCount) rounds, by the recipe `\(recipe)`. Each round visits every size of every shape. Machine:
    \(processor), threads: \(threadCount), instruction set: \(instructionSet).

    ```
    \(command)
    ```

    ![A step's time over its bytes](\(picture))

    A cost that is linear in the window and in the batch is the same number in every cell. Below each table is a step's
    time as a sum of three parts, by least squares of relative errors over all cells: what every step costs (the
    optimiser, above all), what every byte costs, and what every pair of a position and one up to it costs, which
    attention compares: (window + 1) / 2 of them a byte. The last part alone is not linear in the window.

    \(curves.map(section).joined(separator: "\n"))
    """
  }

  private func section(of curve: Curve) -> String {
    let (batches, windows) = (
      Self.ascending(curve.cells.map(\.batchCount)), Self.ascending(curve.cells.map(\.windowTokenCount))
    )
    let rows = windows.map { window in
      let cells = curve.cells.filter { $0.windowTokenCount == window }.map { Self.text($0.nanosecondsPerByte.best) }
      return "| \(window) | \(cells.joined(separator: " | ")) |"
    }
    return """
      ## \(curve.preset)

      | window | \(batches.map { "batch \($0)" }.joined(separator: " | ")) |
      |--:|\(batches.map { _ in "--:|" }.joined())
      \(rows.joined(separator: "\n"))

      \(curve.cost).

      """
  }

  /// Every size of every shape, and lines of a linear cost: the median cell of each shape.
  public var svg: String {
    let series = curves.flatMap { curve in
      let points = curve.cells.map {
        SIMD2(Double($0.byteCount), $0.nanosecondsPerByte.best * Double($0.byteCount) / 1e6)
      }
      let median = curve.cells.map(\.nanosecondsPerByte.best).sorted()[curve.cells.count / 2]
      let ends = [points.map(\.x).min() ?? 1, points.map(\.x).max() ?? 1]
      return [
        LineChart.Series(curve.preset, .points, points),
        LineChart.Series("\(Self.text(median)) ns a byte", .line, ends.map { SIMD2($0, median * $0 / 1e6) }),
      ]
    }
    return LineChart(
      title: "A training step's time over its bytes", x: Axis("bytes of a step (window × batch)", scale: .logarithmic),
      y: Axis("ms a step", scale: .logarithmic), series: series
    ).svg
  }

  private static func ascending(_ values: [Int]) -> [Int] { Set(values).sorted() }
  /// Nanoseconds.
  public static func text(_ nanoseconds: Double) -> String { ReadableUnits.count(Int(nanoseconds.rounded())) }
}
