import Basics
import Formats
import Training

extension TrainingSweep {
  /// Steps of one size of one shape, by a trainer of their own.
  struct Visit {
    var preset: String
    var window: Int
    var batch: Int

    /// A visit takes so long, or a step.
    private static let seconds = 0.04

    /// How long each step took.
    func stepSeconds(_ settings: TrainingSettings, _ threadCount: Int) throws -> [Double] {
      var settings = settings
      (settings.windowTokenCount, settings.batchCount) = (window, batch)
      return try Self.stepSeconds(try StudentShape(named: preset, window: window).shape, settings, threadCount)
    }

    private static func stepSeconds<Shape: TrainableShape>(
      _ shape: Shape, _ settings: TrainingSettings, _ threadCount: Int
    ) throws -> [Double] {
      let trainer = try Trainer(
        shape: shape, settings: settings, data: try TrainingBench.data(window: settings.windowTokenCount),
        threadCount: threadCount)
      // The first step fills the caches.
      _ = try trainer.advance()
      let clock = ContinuousClock()
      let start = clock.now
      var times: [Double] = []
      while times.isEmpty || (clock.now - start) / .seconds(1) < seconds {
        times.append(try clock.measure { _ = try trainer.advance() } / .seconds(1))
      }
      return times
    }
  }
}

extension TrainingSweep.Cell {
  /// - Parameter times: of its steps, in seconds.
  init(_ visit: TrainingSweep.Visit, _ times: [Double]) {
    let byteCount = Double(visit.window * visit.batch)
    self.init(
      windowTokenCount: visit.window, batchCount: visit.batch,
      nanosecondsPerByte: Rounds(times: times.map { $0 * 1e9 / byteCount }))
  }
}
