import Basics
import Lineage

/// Walks once through what is held out, a batch at a time: the windows of a text, or of each document once.
struct HeldOutWindows {
  private let data: TrainingData
  private let cutting: DocumentWindows
  /// The unit at hand, a window of a text or a document; and the next of the document's windows.
  private var unit = 0
  private var window = 0
  private var tokens: [UInt8] = []
  private var replyStart: Int?

  init(_ data: TrainingData) {
    self.data = data
    cutting = DocumentWindows(windowTokenCount: data.windowTokenCount)
  }

  /// - Parameter units: becomes the unit of each of the batch's windows.
  /// - Returns: false at the end.
  mutating func fill(_ batch: Batch, capacity: Int, units: inout [Int]) throws -> Bool {
    batch.clear()
    units.removeAll(keepingCapacity: true)
    switch data.content {
    case .text(_, let heldOut):
      let size = data.windowTokenCount
      while batch.count < capacity, (unit + 1) * size <= heldOut.count {
        batch.append(heldOut[unit * size..<(unit + 1) * size])
        units.append(unit)
        unit += 1
      }
    case .documents(_, let heldOut):
      while batch.count < capacity, unit < heldOut.documentCount {
        try append(heldOut, to: batch)
        units.append(unit)
        if window == cutting.count(ofTokens: tokens.count + 1) { (unit, window) = (unit + 1, 0) }
      }
    }
    return batch.count > 0
  }

  private mutating func append(_ documents: any DocumentSource, to batch: Batch) throws {
    if window == 0 { replyStart = try documents.read(unit, into: &tokens) }
    guard !tokens.isEmpty else {
      throw HintedError("held-out document \(unit) has no tokens", hint: "curate and shard the documents again")
    }
    batch.append(cutting.cut(window, ofTokens: tokens.count + 1), of: tokens, replyStart: replyStart)
    window += 1
  }
}
