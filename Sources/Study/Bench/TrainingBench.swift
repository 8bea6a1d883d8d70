import Basics
import Formats
import Kernels
import Networks
import Training

/// How fast a training step is, and what share of the machine it uses.
public struct TrainingBench: Codable, Sendable {
  public var shape: String
  public var recipe: String
  public var batchCount: Int
  public var windowTokenCount: Int
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
  ///   - settings: of what steps do; the batch, the window and the number of steps are the next parameters.
  ///   - stepCount: steps that are measured, after two that are not; peaks are measured between them.
  /// - Throws: `HintedError` for settings outside their limits.
  public init(
    _ shape: StudentShape, settings: TrainingSettings = .standard, batchCount: Int, windowTokenCount: Int,
    threadCount: Int, stepCount: Int
  ) throws {
    var settings = settings
    settings.batchCount = batchCount
    settings.windowTokenCount = windowTokenCount
    settings.stepCount = stepCount + 2
    let times = try Times(measuring: shape.shape, settings, threadCount: threadCount)
    let byteCount = Double(batchCount * windowTokenCount)
    let operations = Self.operations(shape, window: windowTokenCount) * byteCount
    self.shape = shape.description
    self.recipe = settings.recipe
    self.batchCount = batchCount
    self.windowTokenCount = windowTokenCount
    self.threadCount = threadCount
    self.stepCount = stepCount
    instructionSet = InstructionSet.best.rawValue
    secondsPerStep = Rounds(times: times.steps)
    bytesPerSecond = Rounds(rates: times.steps.map { byteCount / $0 })
    operationsPerStep = operations
    operationsPerSecond = Rounds(rates: times.steps.map { operations / $0 })
    peaks = InstructionSet.available.map {
      Peak(instructionSet: $0.rawValue, operationsPerSecond: Rounds(rates: times.peakRates[$0] ?? []))
    }
    shareOfPeak = operationsPerSecond.best / max(1, peaks.last?.operationsPerSecond.best ?? 1)
  }

  /// Seconds of every step, and what the machine could have done beside them.
  private struct Times {
    var steps: [Double] = []
    var peakRates: [InstructionSet: [Double]] = [:]

    init<Shape: TrainableShape>(measuring shape: Shape, _ settings: TrainingSettings, threadCount: Int) throws {
      let trainer = try Trainer(
        shape: shape, settings: settings, data: try TrainingBench.data(window: settings.windowTokenCount),
        threadCount: threadCount)
      let clock = ContinuousClock()
      for step in 0..<settings.stepCount {
        let time = try clock.measure { _ = try trainer.advance() }
        if step >= 2 { steps.append(time / .seconds(1)) }
        // In between, so that the machine is as busy for the peaks as for the steps.
        if step % max(1, settings.stepCount / 5) == 0 {
          for set in InstructionSet.available {
            peakRates[set, default: []].append(ArithmeticPeak.operationsPerSecond(set, threadCount: threadCount))
          }
        }
      }
    }
  }

  /// Floating-point operations of training for each byte: 6 for each weight of a matrix product or convolution (a
  /// multiplication and an addition in each of the forward pass, the gradient of the input and that of the weights),
  /// and for each query and key before it 2 a column of the score that atome's attention chooses by, or 12 a column of
  /// a GPT's heads, which multiply all of them six times. Norms, softmaxes, the scan and the optimiser are not counted.
  package static func operations(_ shape: StudentShape, window: Int) -> Double {
    let pairs = Double(window + 1) / 2
    return shape.shape.trainingOperations(pairs: pairs)
  }

  /// Letters, the same every time: what they say does not matter to the time.
  static func data(window: Int) throws -> TrainingData {
    var generator = SeededGenerator(seed: 0)
    let text = (0..<window * 64).map { _ in UInt8(97 + generator.below(26)) }
    return try TrainingData(train: text, heldOut: Array(text.prefix(window)), window: window)
  }
}
