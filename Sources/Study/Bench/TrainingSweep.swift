import Formats
import Kernels

/// What a byte of training costs over windows and batches of many sizes, and of what a step's time is made.
public struct TrainingSweep: Codable, Sendable {
  /// Steps of one size.
  public struct Cell: Codable, Sendable {
    public var windowTokenCount: Int
    public var batchCount: Int
    public var nanosecondsPerByte: Rounds

    package init(windowTokenCount: Int, batchCount: Int, nanosecondsPerByte: Rounds) {
      self.windowTokenCount = windowTokenCount
      self.batchCount = batchCount
      self.nanosecondsPerByte = nanosecondsPerByte
    }

    /// Of a step.
    var nanoseconds: Double { nanosecondsPerByte.best * Double(byteCount) }
    var byteCount: Int { windowTokenCount * batchCount }
  }

  /// One shape's cells, by window, then by batch.
  public struct Curve: Codable, Sendable {
    public var preset: String
    public var cells: [Cell]
    public var cost: StepCost

    package init(preset: String, cells: [Cell]) {
      self.preset = preset
      self.cells = cells
      cost = StepCost(fitting: cells)
    }
  }

  /// The least sizes; each next one is twice as large.
  package static let (firstWindow, firstBatch) = (64, 4)

  public var recipe: String
  public var processor: String
  public var instructionSet: String
  public var threadCount: Int
  public var roundCount: Int
  public var curves: [Curve]

  /// Each round visits every size of every shape, so that what slows the machine for a while slows all alike; of a
  /// size, every step counts as a measurement.
  /// - Parameters:
  ///   - largestWindow: windows of 64 bytes, twice as many and so on up to this.
  ///   - largestBatch: the same of batches, from 4.
  ///   - progress: is told how many of all visits are done.
  /// - Throws: `HintedError` for a preset that there is not; `CancellationError`.
  public init(
    presets: [String], settings: TrainingSettings, threadCount: Int, roundCount: Int, largestWindow: Int,
    largestBatch: Int, progress: (_ done: Int, _ total: Int) -> Void
  ) throws {
    let sizes = Self.doubled(from: Self.firstWindow, through: largestWindow).flatMap { window in
      Self.doubled(from: Self.firstBatch, through: largestBatch).map { (window, $0) }
    }
    let visits = presets.flatMap { preset in sizes.map { Visit(preset: preset, window: $0, batch: $1) } }
    var times = visits.map { _ in [Double]() }
    for round in 0..<roundCount {
      for (index, visit) in visits.enumerated() {
        try Task.checkCancellation()
        times[index] += try visit.stepSeconds(settings, threadCount)
        progress(round * visits.count + index + 1, roundCount * visits.count)
      }
    }
    let cells = zip(visits, times).map(Cell.init)
    recipe = settings.recipe
    processor = Processor.name
    instructionSet = InstructionSet.best.rawValue
    self.threadCount = threadCount
    self.roundCount = roundCount
    curves = presets.enumerated().map { index, preset in
      Curve(preset: preset, cells: Array(cells[index * sizes.count..<(index + 1) * sizes.count]))
    }
  }

  package static func doubled(from first: Int, through last: Int) -> [Int] {
    Array(sequence(first: first) { 2 * $0 }.prefix { $0 <= last })
  }
}
