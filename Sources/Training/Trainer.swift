import Basics
import Formats
import Kernels
import Lineage
import Model
import Networks

/// Trains a network of any architecture: noun 5 (shards, as documents or as windows of tokens) to noun 6 (a
/// checkpoint).
///
/// The same shape, settings, data and instruction set give the same checkpoint, bit for bit, on any number of threads
/// and across any stop and resume. A trainer belongs to one task at a time.
public final class Trainer<Shape: TrainableShape> {
  public let shape: Shape
  public let settings: TrainingSettings
  public let data: TrainingData
  /// How many steps were done.
  public internal(set) var step = 0

  let layout: Shape.Layout
  let state: TrainingState
  let pool: WorkerPool
  let weights: Shape.Weights
  let lanes: LaneWork<Shape>
  let reduction: ReductionWork
  let update: UpdateWork
  let refresh: RefreshWork<Shape>
  let evaluation: EvaluationWork<Shape>
  let source: BatchSource

  /// A run before its first step.
  /// - Parameters:
  ///   - twin: the finished run of `settings.twin`, where there is one.
  ///   - labels: those that `settings.soft` names, where it does.
  ///   - threadCount: how many threads work; no part of the result.
  ///   - instructionSet: the kernels; the processor's best unless told otherwise.
  /// - Throws: `HintedError` for a shape or settings outside their limits, or data cut into other windows.
  public init(
    shape: Shape, settings: TrainingSettings, data: TrainingData, twin: TrainingCheckpoint<Shape>? = nil,
    labels: SoftLabels? = nil, threadCount: Int = TrainingHost.defaultThreadCount,
    instructionSet: InstructionSet = .best
  ) throws {
    try Self.check(shape, settings, data)
    let places = try Self.places(of: labels, settings, data)
    guard let kernels = TunedKernels(instructionSet) else {
      throw HintedError("this processor lacks \(instructionSet.rawValue)", status: .usage)
    }
    self.shape = shape
    self.settings = settings
    self.data = data
    let layout = Shape.Layout(shape)
    let laneCount = Lanes.count(batchCount: settings.batchCount)
    let threadCount = max(1, min(threadCount, laneCount))
    self.layout = layout
    state = TrainingState(parameterCount: layout.count, laneCount: laneCount)
    pool = WorkerPool(threadCount: threadCount)
    weights = Shape.Weights(kernels: kernels, layout: layout)
    let graphs = (0..<threadCount).map { _ in
      Shape.Graph(
        kernels: kernels, layout: layout, windowTokenCount: settings.windowTokenCount, ablation: settings.ablation)
    }
    let batch = Batch(
      capacity: settings.batchCount, data: data, promptWeight: settings.promptWeight, hasLabels: places != nil,
      head: settings.head)
    let teacher = try Self.teacher(
      twin, of: shape, settings, data, kernels: kernels, layout: layout, threadCount: threadCount)
    lanes = LaneWork(
      batch: batch, capacity: settings.batchCount, laneCount: laneCount, weights: weights, graphs: graphs,
      twin: teacher, labels: places == nil ? nil : labels, softShare: settings.soft?.share ?? 0, state: state)
    reduction = ReductionWork(kernels: kernels, state: state, pieces: ParameterPieces.pieces(of: 0..<layout.count))
    update = UpdateWork(
      kernels: kernels, state: state, settings: settings, layout: layout, threadCount: threadCount)
    refresh = RefreshWork(weights: weights, state: state)
    evaluation = EvaluationWork(data: data, head: settings.head, weights: weights, graphs: graphs)
    source = try BatchSource(
      data, settings, places: places, generator: SeededGenerator(seed: settings.seed).stream(Self.batchStream))
    state.parameters.fill(
      from: ParameterInitialiser.parameters(
        layout, seed: settings.seed, scale: Double(settings.initialScale), absent: try data.absentTokens()))
    refreshWeights()
  }

  /// The batch sampler's stream; the initialiser's are numbered from 0.
  private static var batchStream: UInt64 { 1 << 32 }

  /// Rounds the weights for the next step.
  func refreshWeights() { refreshWeights(settings.rounding(afterSteps: step)) }

  func refreshWeights(_ rounding: WeightRounding) {
    refresh.rounding = rounding
    pool.forEach(weights.pieceCount, of: refresh)
  }
}
