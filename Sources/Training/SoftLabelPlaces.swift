import Basics
import Formats
import Lineage

/// Where the labels of what training reads stand in a file of soft labels, which has them in the order of the
/// documents. Belongs to the training thread.
///
/// A document may be read otherwise than it was labelled: with its request mistyped. Then the labels of its reply hold,
/// since they answer what was meant, and those of its request do not.
struct SoftLabelPlaces {
  /// Of one document, or of a text.
  struct Place {
    /// What is added to a token's position; may be negative.
    var shift: Int
    /// Tokens before it have no label.
    var firstToken: Int

    func number(ofToken token: Int) -> Int32 { token >= firstToken ? Int32(token + shift) : -1 }
  }

  /// The first label of each document; the only one for a text.
  private var starts: [Int] = []
  private var plain: [UInt8] = []

  /// The labels of a text.
  let ofText = Place(shift: 0, firstToken: 0)

  /// - Throws: `HintedError` where the labels are of other tokens, or where a document cannot be read.
  init(_ labels: SoftLabels, _ data: TrainingData) throws {
    guard labels.count <= Int(Int32.max) else {
      throw HintedError("the soft labels are of \(labels.count) tokens, more than \(Int32.max)")
    }
    starts = try labels.check(data)
  }

  /// - Parameters:
  ///   - tokens: of the document, as it was read now.
  ///   - replyStart: in them.
  mutating func place(
    of document: Int, readAs tokens: [UInt8], replyStart: Int?, in documents: any DocumentSource
  ) throws -> Place {
    let plainStart = try documents.read(document, into: &plain)
    if plain == tokens { return Place(shift: starts[document], firstToken: 0) }
    guard let replyStart, let plainStart else { return Place(shift: 0, firstToken: .max) }
    return Place(shift: starts[document] + plainStart - replyStart, firstToken: replyStart)
  }
}

extension SoftLabels {
  /// - Returns: the number of the first label of each document, or of a text.
  /// - Throws: `HintedError` where these are labels of other tokens, or where a document cannot be read.
  @discardableResult
  public func check(_ data: TrainingData) throws -> [Int] {
    var (counter, starts) = (SoftLabels.Counter(), [Int]())
    try data.forEachTrainingText { tokens in
      starts.append(counter.count)
      counter.add(tokens)
    }
    try check(source: counter.id, count: counter.count, vocabulary: data.vocabulary)
    return starts
  }
}

extension TrainingData {
  /// What training reads, one text after the other: a document's tokens with the separator behind them, or the training
  /// part of a text.
  /// - Throws: `HintedError` where a document cannot be read.
  public func forEachTrainingText(_ body: ([UInt8]) throws -> Void) throws {
    guard case .documents(let documents, _) = content else { return try body(train) }
    var tokens: [UInt8] = []
    for index in 0..<documents.documentCount {
      _ = try documents.read(index, into: &tokens)
      try body(tokens + [Document.separatorByte])
    }
  }
}
