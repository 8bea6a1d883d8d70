import Basics
import Formats
import Foundation
import Training

/// How long a training step of each shape takes here, on one thread of an otherwise idle process. Kept in the
/// comparison's folder, so that a run that goes on scales its steps as it began.
struct StepTiming: Codable, Sendable {
  /// By `StudentShape.text`, batch and window.
  var milliseconds: [String: Double]

  private static let stepCount = 40
  private static let roundCount = 3

  static func name(_ shape: StudentShape, _ settings: TrainingSettings) -> String {
    "\(shape.text), \(settings.batchCount) × \(settings.windowTokenCount)"
  }

  /// Reads what was measured, and measures the rest: rounds over all shapes in turn, of each the best round's median.
  static func measured(
    _ shapes: [StudentShape], _ settings: TrainingSettings, data: TrainingData, folder: String
  ) throws -> StepTiming {
    let path = "\(folder)/timing.json"
    var timing =
      (try? AtomicFile.read(path)).flatMap { try? CanonicalJSON.decode(StepTiming.self, from: $0) }
      ?? StepTiming(milliseconds: [:])
    let open = shapes.filter { timing.milliseconds[name($0, settings)] == nil }
    guard !open.isEmpty else { return timing }
    for _ in 0..<roundCount {
      for shape in open {
        let median = try median(shape, settings, data)
        timing.milliseconds[name(shape, settings), default: .infinity] = min(
          timing.milliseconds[name(shape, settings)] ?? .infinity, median)
      }
    }
    try AtomicFile.write(CanonicalJSON.pretty(timing), to: path)
    return timing
  }

  private static func median(_ shape: StudentShape, _ settings: TrainingSettings, _ data: TrainingData) throws -> Double
  {
    var settings = settings
    settings.stepCount = stepCount
    settings.warmUpStepCount = min(settings.warmUpStepCount, stepCount)
    var times: [Double] = []
    _ = try StudentRun(shape: shape, settings: settings, data: data, threadCount: 1).run { metrics in
      times.append(1000 * Double(metrics.byteCount) / metrics.bytesPerSecond)
    }
    return times.sorted()[times.count / 2]
  }
}
