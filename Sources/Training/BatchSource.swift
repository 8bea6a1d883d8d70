import Basics
import Formats
import Model

/// Says which windows a step reads. Belongs to the training thread.
final class BatchSource {
  /// Chooses windows of texts; documents need none.
  var generator: SeededGenerator
  private let data: TrainingData
  private let settings: TrainingSettings
  private let cutting: DocumentWindows
  private var draws: DocumentDraws?
  private var tokens: [UInt8] = []

  init(_ data: TrainingData, _ settings: TrainingSettings, generator: SeededGenerator) throws {
    self.data = data
    self.settings = settings
    self.generator = generator
    cutting = DocumentWindows(windowTokenCount: data.windowTokenCount)
    if case .documents(let train, _) = data.content {
      draws = try DocumentDraws(
        train, windows: cutting, repeatLimit: settings.repeatLimit, generator: generator)
    }
  }

  /// - Parameter step: how many steps were done.
  /// - Throws: `HintedError` when a document cannot be read.
  func fill(_ batch: Batch, step: Int) throws {
    batch.clear()
    switch data.content {
    case .text(let train, _):
      for _ in 0..<settings.batchCount {
        let start = nextStart(train.count)
        batch.append(train[start..<start + data.windowTokenCount])
      }
    case .documents(let train, _):
      for index in 0..<settings.batchCount {
        try append(step * settings.batchCount + index, of: train, to: batch)
      }
    }
  }

  private func append(_ number: Int, of documents: any DocumentSource, to batch: Batch) throws {
    guard let draw = draws?[number] else { return }
    var replyStart = try documents.read(
      draw.document, varied: generator.stream(Self.variation).stream(UInt64(number)), into: &tokens)
    // Draws were counted for documents as they stand.
    if cutting.count(ofTokens: tokens.count + 1) != draws?.windowCount(of: draw.document) {
      replyStart = try documents.read(draw.document, into: &tokens)
    }
    batch.append(cutting.cut(draw.window, ofTokens: tokens.count + 1), of: tokens, replyStart: replyStart)
  }

  /// Far from the numbers of epochs, whose order has streams of the same generator.
  private static let variation: UInt64 = 0x7661_7269

  private func nextStart(_ tokenCount: Int) -> Int {
    let size = data.windowTokenCount
    switch settings.windows ?? .aligned {
    case .aligned: return generator.below(tokenCount / size) * size
    case .anywhere, .documents: return generator.below(tokenCount - size + 1)
    }
  }
}
