import Basics
import Formats
import Kernels
import Lineage
import Training

/// How fast a training step is, and what share of the machine it uses.
public struct TrainingBench: Codable, Sendable {
  public var shape: AtomeShape
  public var batchCount: Int
  public var windowByteCount: Int
  public var threadCount: Int
  public var instructionSet: String
  public var stepCount: Int
  public var secondsPerStep: Rounds
  public var bytesPerSecond: Rounds
  /// By the count of `TrainingBench.operations`.
  public var operationsPerStep: Double
  public var operationsPerSecond: Rounds
  /// The machine's, by instruction set, with as many threads.
  public var peaks: [Peak]
  /// Of the instruction set that trains: the best step over the best peak.
  public var shareOfPeak: Double

  /// Float32 multiplications and additions a second in registers.
  public struct Peak: Codable, Sendable {
    public var instructionSet: String
    public var operationsPerSecond: Rounds
  }

  /// - Parameters:
  ///   - stepCount: steps that are measured, after two that are not; peaks are measured between them.
  /// - Throws: `HintedError` for settings outside their limits.
  public init(
    _ shape: AtomeShape, batchCount: Int, windowByteCount: Int, threadCount: Int, stepCount: Int
  ) throws {
    var settings = TrainingSettings.standard
    settings.batchCount = batchCount
    settings.windowByteCount = windowByteCount
    settings.stepCount = stepCount + 2
    let trainer = try Trainer(
      shape: shape, settings: settings, data: try Self.data(window: windowByteCount), threadCount: threadCount)
    let clock = ContinuousClock()
    var seconds: [Double] = []
    var peakRates: [InstructionSet: [Double]] = [:]
    for step in 0..<stepCount + 2 {
      let time = try clock.measure { _ = try trainer.advance() }
      if step >= 2 { seconds.append(time / .seconds(1)) }
      // In between, so that the machine is as busy for the peaks as for the steps.
      if step % max(1, stepCount / 5) == 0 {
        for set in InstructionSet.available {
          peakRates[set, default: []].append(ArithmeticPeak.operationsPerSecond(set, threadCount: threadCount))
        }
      }
    }
    let byteCount = Double(batchCount * windowByteCount)
    let operations = Self.operations(shape, window: windowByteCount) * byteCount
    self.shape = shape
    self.batchCount = batchCount
    self.windowByteCount = windowByteCount
    self.threadCount = threadCount
    self.stepCount = stepCount
    instructionSet = InstructionSet.best.rawValue
    secondsPerStep = Rounds(times: seconds)
    bytesPerSecond = Rounds(rates: seconds.map { byteCount / $0 })
    operationsPerStep = operations
    operationsPerSecond = Rounds(rates: seconds.map { operations / $0 })
    peaks = InstructionSet.available.map {
      Peak(instructionSet: $0.rawValue, operationsPerSecond: Rounds(rates: peakRates[$0] ?? []))
    }
    shareOfPeak = operationsPerSecond.best / max(1, peaks.last?.operationsPerSecond.best ?? 1)
  }

  /// Floating-point operations of training for each byte: 6 for each weight of a matrix product or convolution (a
  /// multiplication and an addition in each of the forward pass, the gradient of the input and that of the weights),
  /// and 2 for each query's product with each key before it. Norms, softmaxes, the scan and the optimiser are not
  /// counted.
  package static func operations(_ shape: AtomeShape, window: Int) -> Double {
    let (d, h) = (shape.modelWidth, shape.headWidth)
    let layer = d * (2 * h + d + 3) + d * shape.kernelSize
    let weights = shape.layerCount * layer + AtomeShape.vocabularySize * d
    let scores = Double(shape.layerCount * h * (window + 1))
    return 6 * Double(weights) + scores
  }

  /// Letters, the same every time: what they say does not matter to the time.
  private static func data(window: Int) throws -> TrainingData {
    var generator = SeededGenerator(seed: 0)
    let text = (0..<window * 64).map { _ in UInt8(97 + generator.below(26)) }
    return try TrainingData(train: text, heldOut: Array(text.prefix(window)), window: window)
  }
}
