import Basics
import Formats
import Foundation
import Kernels
import Lineage
import Training

/// What a byte of training costs over windows and batches of many sizes, and of what a step's time is made.
public struct TrainingSweep: Codable, Sendable {
  /// Steps of one size.
  public struct Cell: Codable, Sendable {
    public var windowByteCount: Int
    public var batchCount: Int
    public var nanosecondsPerByte: Rounds

    package init(windowByteCount: Int, batchCount: Int, nanosecondsPerByte: Rounds) {
      self.windowByteCount = windowByteCount
      self.batchCount = batchCount
      self.nanosecondsPerByte = nanosecondsPerByte
    }

    /// Of a step.
    var nanoseconds: Double { nanosecondsPerByte.best * Double(byteCount) }
    var byteCount: Int { windowByteCount * batchCount }
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
  /// A cell is measured for so long in each round, and for a step at least.
  private static let secondsPerVisit = 0.04

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
    let total = roundCount * presets.count * sizes.count
    var times = presets.map { _ in sizes.map { _ in [Double]() } }
    var doneCount = 0
    for _ in 0..<roundCount {
      for (row, preset) in presets.enumerated() {
        for (column, (window, batch)) in sizes.enumerated() {
          try Task.checkCancellation()
          var settings = settings
          (settings.windowByteCount, settings.batchCount) = (window, batch)
          times[row][column] += try Self.stepSeconds(
            try StudentShape(preset: preset, window: window), settings, threadCount)
          doneCount += 1
          progress(doneCount, total)
        }
      }
    }
    recipe = settings.recipe
    processor = Processor.name
    instructionSet = InstructionSet.best.rawValue
    self.threadCount = threadCount
    self.roundCount = roundCount
    curves = zip(presets, times).map { preset, times in
      Curve(
        preset: preset,
        cells: zip(sizes, times).map { size, times in
          Cell(
            windowByteCount: size.0, batchCount: size.1,
            nanosecondsPerByte: Rounds(times: times.map { $0 * 1e9 / Double(size.0 * size.1) }))
        })
    }
  }

  package static func doubled(from first: Int, through last: Int) -> [Int] {
    Array(sequence(first: first) { 2 * $0 }.prefix { $0 <= last })
  }

  private static func stepSeconds(
    _ shape: StudentShape, _ settings: TrainingSettings, _ threadCount: Int
  ) throws -> [Double] {
    switch shape {
    case .atome(let shape): try stepSeconds(shape, settings, threadCount)
    case .gpt(let shape): try stepSeconds(shape, settings, threadCount)
    }
  }

  private static func stepSeconds<Shape: TrainableShape>(
    _ shape: Shape, _ settings: TrainingSettings, _ threadCount: Int
  ) throws -> [Double] {
    let trainer = try Trainer(
      shape: shape, settings: settings, data: try TrainingBench.data(window: settings.windowByteCount),
      threadCount: threadCount)
    // The first step fills the caches.
    _ = try trainer.advance()
    let clock = ContinuousClock()
    let start = clock.now
    var seconds: [Double] = []
    while seconds.isEmpty || (clock.now - start) / .seconds(1) < secondsPerVisit {
      seconds.append(try clock.measure { _ = try trainer.advance() } / .seconds(1))
    }
    return seconds
  }
}

/// The machine, as a page of measurements names it.
enum Processor {
  /// As the system calls it; "unknown processor" where it does not say.
  static var name: String {
    let lines = (try? AtomicFile.read("/proc/cpuinfo")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let line = lines.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.drop { $0 == " " } }.map(String.init) ?? "unknown processor"
  }
}
