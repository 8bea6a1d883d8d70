import Basics
import Lineage

/// What a run learns from and is measured on, as tokens: two texts that are cut into windows of W, or documents.
public struct TrainingData: Sendable {
  public enum Content: Sendable {
    /// Whole windows, one after the other.
    case text(train: [UInt8], heldOut: [UInt8])
    case documents(train: any DocumentSource, heldOut: any DocumentSource)
  }

  /// W: the tokens of a window, or the most of a document's window.
  public let windowTokenCount: Int
  public let content: Content
  /// What the tokens stand for, so that losses can be said per byte; the checkpoint keeps it.
  public let vocabulary: Vocabulary
  /// Names both parts and W: what a checkpoint remembers of its data.
  public let id: ContentID

  /// Cuts `text` into windows; the last ones, `heldOutFraction` of all, are held out. A last partial window is dropped.
  /// - Parameter text: tokens.
  /// - Throws: `HintedError` when either part would have no window.
  public init(
    text: [UInt8], window: Int, heldOutFraction: Double = 0.1, vocabulary: Vocabulary = .bytes
  ) throws {
    guard window >= 2 else { throw Self.windowError(window) }
    guard (0...1).contains(heldOutFraction) else {
      throw HintedError("held-out fraction: \(heldOutFraction) is outside 0…1", status: .usage)
    }
    let windowCount = text.count / window
    let trainCount = Int((Double(windowCount) * (1 - heldOutFraction)).rounded(.down))
    guard trainCount >= 1, trainCount < windowCount else {
      throw HintedError(
        "the text has \(text.count) tokens, \(windowCount) windows of \(window); both the training and the held-out "
          + "part need one", hint: "give more text or choose a smaller window")
    }
    try self.init(
      train: Array(text[..<(trainCount * window)]),
      heldOut: Array(text[(trainCount * window)..<(windowCount * window)]), window: window,
      vocabulary: vocabulary)
  }

  /// Cuts two texts of tokens into windows.
  /// - Throws: `HintedError` when either has no whole window.
  public init(train: [UInt8], heldOut: [UInt8], window: Int, vocabulary: Vocabulary = .bytes) throws {
    guard window >= 2 else { throw Self.windowError(window) }
    for (name, tokens) in [("training", train), ("held-out", heldOut)] where tokens.count < window {
      throw HintedError(
        "the \(name) text has \(tokens.count) tokens, less than one window of \(window)",
        hint: "give more text or choose a smaller window")
    }
    let train = Array(train[..<(train.count / window * window)])
    let heldOut = Array(heldOut[..<(heldOut.count / window * window)])
    try self.init(
      .text(train: train, heldOut: heldOut), train: ContentID(of: train), heldOut: ContentID(of: heldOut), window,
      vocabulary)
  }

  /// Documents to learn from, and documents to be measured on.
  /// - Throws: `HintedError` when either side has no document.
  public init(
    train: any DocumentSource, heldOut: any DocumentSource, window: Int, vocabulary: Vocabulary = .bytes
  ) throws {
    guard window >= 2 else { throw Self.windowError(window) }
    for (name, source) in [("train on", train), ("measure on", heldOut)] where source.documentCount == 0 {
      throw HintedError("there is no document to \(name)", hint: "make more documents, or hold out another part")
    }
    try self.init(
      .documents(train: train, heldOut: heldOut), train: train.id, heldOut: heldOut.id, window, vocabulary)
  }

  private init(
    _ content: Content, train: ContentID, heldOut: ContentID, _ window: Int, _ vocabulary: Vocabulary
  ) throws {
    windowTokenCount = window
    self.content = content
    self.vocabulary = vocabulary
    id = try ContentID(
      ofCanonical: Identity(
        train: train, heldOut: heldOut, windowTokenCount: window,
        tokens: vocabulary.isIdentity ? nil : vocabulary.tokens))
  }

  private struct Identity: Encodable {
    var train: ContentID
    var heldOut: ContentID
    var windowTokenCount: Int
    var tokens: [[UInt8]]?
  }

  private static func windowError(_ window: Int) -> HintedError {
    HintedError("a window of \(window) tokens; it needs one to read and one to predict", status: .usage)
  }
}

// MARK: - Windows

extension TrainingData {
  /// The texts' tokens; empty where the data is documents.
  public var train: [UInt8] {
    if case .text(let train, _) = content { train } else { [] }
  }

  public var heldOut: [UInt8] {
    if case .text(_, let heldOut) = content { heldOut } else { [] }
  }

  /// The same content in windows of another length.
  /// - Throws: `HintedError` when a part has no such window.
  public func cut(window: Int) throws -> TrainingData {
    switch content {
    case .text(let train, let heldOut):
      try TrainingData(train: train, heldOut: heldOut, window: window, vocabulary: vocabulary)
    case .documents(let train, let heldOut):
      try TrainingData(train: train, heldOut: heldOut, window: window, vocabulary: vocabulary)
    }
  }

  /// Whole windows of the texts; 0 where the data is documents.
  public var trainWindowCount: Int { train.count / windowTokenCount }
  public var heldOutWindowCount: Int { heldOut.count / windowTokenCount }

  /// As the documents to learn from say it.
  var tokensPerStep: Int? {
    if case .documents(let train, _) = content { train.tokensPerStep } else { nil }
  }

  /// Whether a run with these settings can read the data.
  var isDocuments: Bool {
    if case .documents = content { true } else { false }
  }
}

// MARK: - Samples

extension TrainingData {
  /// Tokens that training reads: a text's training part, or the first documents with their separators. What a form's
  /// units are chosen on, so that nothing held out decides them.
  /// - Throws: `HintedError` where a document cannot be read.
  public func trainingSample(tokenCount limit: Int = 65_536) throws -> [UInt8] {
    guard case .documents(let documents, _) = content else { return train }
    var (sample, document) = ([UInt8](), [UInt8]())
    for index in 0..<documents.documentCount where sample.count < limit {
      _ = try documents.read(index, into: &document)
      sample += document + [Document.separatorByte]
    }
    return sample
  }

  /// Tokens that `trainingSample` lacks, ascending.
  func absentTokens() throws -> [UInt8] {
    let met = Set(try trainingSample())
    return (UInt8.min...UInt8.max).filter { !met.contains($0) }
  }
}
