import Basics
import Formats
import Kernels
import Lineage
import Model

/// Any model that Alambic runs, as a teacher of soft labels: what it predicts at each token of what is trained on,
/// computed by the graph that it was trained with, its weights rounded as an exporter rounds them.
public struct SoftLabeller<Shape: TrainableShape> {
  private let checkpoint: TrainingCheckpoint<Shape>
  private let weights: Shape.Weights
  private let graph: Shape.Graph
  private let windows: DocumentWindows

  /// - Throws: `HintedError` where this processor lacks what the kernels need.
  public init(_ checkpoint: TrainingCheckpoint<Shape>) throws {
    guard let kernels = TunedKernels(.best) else {
      throw HintedError("this processor lacks \(InstructionSet.best.rawValue)", status: .usage)
    }
    let (settings, layout) = (checkpoint.settings, checkpoint.layout)
    self.checkpoint = checkpoint
    windows = DocumentWindows(windowTokenCount: settings.windowTokenCount)
    weights = Shape.Weights(kernels: kernels, layout: layout)
    graph = Shape.Graph(
      kernels: kernels, layout: layout, windowTokenCount: settings.windowTokenCount, ablation: settings.ablation)
    let parameters = Arena<Float>(capacity: layout.count)
    parameters.whole.fill(from: checkpoint.parameters)
    let rounding = settings.rounding(afterSteps: settings.stepCount).quiet
    for piece in 0..<weights.pieceCount { weights.refresh(piece: piece, from: parameters.whole, rounding: rounding) }
  }

  /// Labels all that is trained on. The first token of each document has none, since nothing stands before it.
  /// - Parameter teacher: names the checkpoint.
  /// - Throws: `HintedError` where the model has another vocabulary, or a document cannot be read.
  public func labels(of data: TrainingData, teacher: ContentID) throws -> SoftLabels {
    guard checkpoint.vocabulary == data.vocabulary else {
      throw HintedError(
        "the teacher's vocabulary is \(checkpoint.vocabulary.id?.short ?? "that of bytes"), the student's "
          + "\(data.vocabulary.id?.short ?? "that of bytes")",
        hint: "a teacher of soft labels shares its student's tokens: train it on the same data, in the same vocabulary",
        status: .usage)
    }
    var records: [UInt8] = []
    var counter = SoftLabels.Counter()
    try data.forEachTrainingText { tokens in
      counter.add(tokens)
      records += SoftLabel.none.bytes
      append(labelsOf: tokens, to: &records)
    }
    return SoftLabels(source: counter.id, vocabulary: data.vocabulary.id, teacher: teacher, records: records)
  }

  private func append(labelsOf tokens: [UInt8], to records: inout [UInt8]) {
    guard tokens.count > 1 else { return }
    tokens.withUnsafeBufferPointer { tokens in
      for index in 0..<windows.count(ofTokens: tokens.count) {
        let cut = windows.cut(index, ofTokens: tokens.count)
        let logits = graph.forward(TokenWindow(UnsafeBufferPointer(rebasing: tokens[cut.range])), weights)
        for row in cut.countedStart..<cut.range.count - 1 { records += label(logits.row(row)).bytes }
      }
    }
  }

  private func label(_ logits: MatrixView<Float>) -> SoftLabel {
    let values = logits.array.map(Double.init)
    let largest = values.max() ?? 0
    return SoftLabel(quantising: values.map { Double.exponential($0 - largest) })
  }
}
