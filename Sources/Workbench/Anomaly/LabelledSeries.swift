import Basics
import Evaluation
import Foundation

/// A series with labelled windows, as the Numenta Anomaly Benchmark has them.
public struct LabelledSeries: Sendable {
  public var file: SeriesFile
  public var labels: NumentaScore.Labels

  /// Those that a file of windows names, which lie beside it: `{"name.csv": [["first time", "last time"], …], …}`.
  /// - Throws: `HintedError` for a file that cannot be read, and a window whose ends are no rows of its series, or that
  ///   lies over another.
  public static func all(windows path: String) throws -> [LabelledSeries] {
    let named = try CanonicalJSON.decode([String: [[String]]].self, from: AtomicFile.read(path), named: path)
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().relativePath
    guard !named.isEmpty else { throw HintedError("\(path) names no series") }
    return try named.sorted { $0.key < $1.key }.map { name, windows in
      try LabelledSeries(SeriesFile("\(folder)/\(name)"), windows, "\(path): \(name)")
    }
  }

  init(_ file: SeriesFile, _ windows: [[String]], _ place: String) throws {
    var rowOfTime: [String: Int] = [:]
    for (row, time) in file.rows.map(\.time).enumerated() where rowOfTime[time] == nil { rowOfTime[time] = row }
    func row(_ time: String) throws -> Int {
      // Labels have fractions of a second that series lack.
      if let row = rowOfTime[time] ?? rowOfTime[time.replacing(/\.0+$/, with: "")] { return row }
      throw HintedError("\(place): the time '\(time)' is that of no row", hint: "a window's ends are rows' times")
    }
    var ranges: [ClosedRange<Int>] = []
    for window in windows {
      guard window.count == 2, case (let first, let last) = (try row(window[0]), try row(window[1])), first <= last
      else {
        throw HintedError("\(place): a window is not its first time and its last", hint: "[[\"first\", \"last\"], …]")
      }
      ranges.append(first...last)
    }
    ranges.sort { $0.lowerBound < $1.lowerBound }
    for (left, right) in zip(ranges, ranges.dropFirst()) where left.overlaps(right) {
      throw HintedError("\(place): the windows from rows \(left.lowerBound) and \(right.lowerBound) overlap")
    }
    self.file = file
    labels = NumentaScore.Labels(rowCount: file.rows.count, windows: ranges)
  }
}
