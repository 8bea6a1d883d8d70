import Lineage
import Vocabularies

extension Recipe.VocabularyChoice {
  /// The vocabulary of a text, or of a part that training may see.
  /// - Throws: `HintedError` only for a fault of this program.
  public func vocabulary(of text: [UInt8]) throws -> Vocabulary {
    guard case .learned(let marks, let strings) = self else { return .bytes }
    var learner = VocabularyLearner(marks: marks, stringLimit: strings)
    learner.add(document: text)
    return try learner.learned()
  }
}

extension TrainingData {
  /// Cuts a text of bytes in two, learns the vocabulary from the first part alone, and cuts both into windows of
  /// tokens.
  ///
  /// The border lies where windows of as many bytes would have it, so that the same text is held out whatever the
  /// tokens are, and bits per byte compare. Tokens after the last whole window of a part are dropped.
  /// - Throws: `HintedError` when either part would have no window.
  public init(
    bytes text: [UInt8], window: Int, heldOutFraction: Double = 0.1, vocabulary choice: Recipe.VocabularyChoice
  ) throws {
    guard case .learned = choice, window >= 2, (0...1).contains(heldOutFraction) else {
      try self.init(text: text, window: window, heldOutFraction: heldOutFraction)
      return
    }
    try self.init(bytes: text, window: window, heldOutFraction: heldOutFraction) { try choice.vocabulary(of: $0) }
  }

  /// The same with a vocabulary of any origin.
  /// - Parameter vocabulary: is given the training part.
  public init(
    bytes text: [UInt8], window: Int, heldOutFraction: Double = 0.1,
    vocabulary: (_ train: [UInt8]) throws -> Vocabulary
  ) throws {
    let windowCount = text.count / max(1, window)
    let border = Int((Double(windowCount) * (1 - heldOutFraction)).rounded(.down)) * window
    let train = Array(text[..<border])
    try self.init(
      trainBytes: train, heldOutBytes: Array(text[border..<windowCount * window]), window: window,
      vocabulary: try vocabulary(train))
  }

  /// Learns the vocabulary from one text of bytes, and holds the other out.
  /// - Throws: `HintedError` when either has no whole window.
  public init(
    trainBytes train: [UInt8], heldOutBytes heldOut: [UInt8], window: Int, vocabulary choice: Recipe.VocabularyChoice
  ) throws {
    try self.init(
      trainBytes: train, heldOutBytes: heldOut, window: window, vocabulary: try choice.vocabulary(of: train))
  }

  /// Encodes two texts with a vocabulary that was learned already.
  /// - Throws: `HintedError` when either has no whole window.
  public init(
    trainBytes train: [UInt8], heldOutBytes heldOut: [UInt8], window: Int, vocabulary: Vocabulary
  ) throws {
    let encoder = TokenEncoder(vocabulary)
    let encode = { (text: [UInt8]) in vocabulary.isIdentity ? text : encoder.encode(text) }
    try self.init(train: encode(train), heldOut: encode(heldOut), window: window, vocabulary: vocabulary)
  }
}

// MARK: - Bytes

extension TrainingData {
  /// How many bytes of text are predicted in each held-out window, or of each held-out document, whose end is a byte,
  /// too: what `Trainer.heldOutWindowNats` is divided by.
  /// - Throws: `HintedError` when a document cannot be read.
  public func heldOutByteCounts() throws -> [Int] {
    let counts = vocabulary.tokenByteCounts
    func predicted(_ tokens: ArraySlice<UInt8>) -> Int { tokens.dropFirst().reduce(0) { $0 + counts[Int($1)] } }
    switch content {
    case .text(_, let heldOut):
      return (0..<heldOutWindowCount).map {
        predicted(heldOut[$0 * windowTokenCount..<($0 + 1) * windowTokenCount])
      }
    case .documents(_, let heldOut):
      var tokens: [UInt8] = []
      return try (0..<heldOut.documentCount).map { index in
        _ = try heldOut.read(index, into: &tokens)
        return predicted(tokens[...]) + 1
      }
    }
  }

  /// Bytes of the held-out part that no token stands for: each is predicted as one, whichever it is.
  /// - Throws: `HintedError` when a document cannot be read.
  public func heldOutUnknownByteCount() throws -> Int {
    guard let unknown = vocabulary.unknownToken else { return 0 }
    guard case .documents(_, let documents) = content else { return heldOut.count { $0 == unknown } }
    var tokens: [UInt8] = []
    return try (0..<documents.documentCount).reduce(0) { sum, index in
      _ = try documents.read(index, into: &tokens)
      return sum + tokens.count { $0 == unknown }
    }
  }

  /// How many tokens these are predicted with, and how many bytes they stand for.
  /// - Throws: `HintedError` when a document cannot be read.
  public func heldOutBytesPerToken() throws -> Double {
    let byteCount = try heldOutByteCounts().reduce(0, +)
    var tokenCount = heldOutWindowCount * (windowTokenCount - 1)
    if case .documents(_, let heldOut) = content {
      var tokens: [UInt8] = []
      for index in 0..<heldOut.documentCount {
        _ = try heldOut.read(index, into: &tokens)
        tokenCount += tokens.count
      }
    }
    return Double(byteCount) / Double(max(1, tokenCount))
  }
}
