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
  /// Nil where every text has one segmentation.
  private var resegmenter: Resegmenter?
  /// Where the labels of what is read stand; nil for a run without any.
  private var places: SoftLabelPlaces?

  init(
    _ data: TrainingData, _ settings: TrainingSettings, places: SoftLabelPlaces? = nil, generator: SeededGenerator
  ) throws {
    self.places = places
    self.data = data
    self.settings = settings
    self.generator = generator
    cutting = DocumentWindows(windowTokenCount: data.windowTokenCount)
    if case .documents(let train, _) = data.content {
      draws = try DocumentDraws(
        train, windows: cutting, repeatLimit: settings.repeatLimit, generator: generator)
    }
    resegmenter = settings.segmentationDropout.map {
      Resegmenter(
        data.vocabulary, probability: Double($0), windowTokenCount: data.windowTokenCount, generator: generator)
    }
  }

  /// - Parameter step: how many steps were done.
  /// - Throws: `HintedError` when a document cannot be read.
  func fill(_ batch: Batch, step: Int) throws {
    batch.clear()
    switch data.content {
    case .text(let train, _):
      for index in 0..<settings.batchCount {
        append(step * settings.batchCount + index, from: nextStart(train.count), of: train, to: batch)
      }
    case .documents(let train, _):
      for index in 0..<settings.batchCount {
        try append(step * settings.batchCount + index, of: train, to: batch)
      }
    }
  }

  private func append(_ number: Int, from start: Int, of text: [UInt8], to batch: Batch) {
    if resegmenter?.readWindow(of: text, from: start, number: number) == true, let resegmenter {
      batch.append(resegmenter.tokens[...])
    } else {
      batch.append(text[start..<start + data.windowTokenCount], labelled: places?.ofText)
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
    if appendResegmented(number, draw, replyStart, to: batch) { return }
    batch.append(
      cutting.cut(draw.window, ofTokens: tokens.count + 1), of: tokens, replyStart: replyStart,
      labelled: try places?.place(of: draw.document, readAs: tokens, replyStart: replyStart, in: documents))
  }

  /// The same window of the document at hand in another segmentation.
  /// - Returns: false where there is none, or where it has more or fewer tokens than as many windows hold.
  private func appendResegmented(
    _ number: Int, _ draw: DocumentDraws.Draw, _ replyStart: Int?, to batch: Batch
  ) -> Bool {
    guard resegmenter != nil, let reading = draws?.reading(number),
      let count = draws?.windowCount(of: draw.document)
    else { return false }
    let start = resegmenter?.readDocument(tokens, replyStart: replyStart, reading: reading)
    guard let resegmenter,
      let cut = cutting.spread(draw.window, of: count, ofTokens: resegmenter.tokens.count + 1)
    else { return false }
    batch.append(cut, of: resegmenter.tokens, replyStart: start ?? nil)
    return true
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
