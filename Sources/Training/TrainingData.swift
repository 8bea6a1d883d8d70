import Basics
import Lineage

/// Text cut into windows of W bytes, some to train on and some held out to measure on.
public struct TrainingData: Sendable {
  /// W.
  public let windowByteCount: Int
  /// Whole windows, one after the other.
  public let train: [UInt8]
  public let heldOut: [UInt8]
  /// Names both parts and W: what a checkpoint remembers of its data.
  public let id: ContentID

  public var trainWindowCount: Int { train.count / windowByteCount }
  public var heldOutWindowCount: Int { heldOut.count / windowByteCount }

  /// Cuts `text` into windows; the last ones, `heldOutFraction` of all, are held out. A last partial window is dropped.
  /// - Throws: `HintedError` when either part would have no window.
  public init(text: [UInt8], window: Int, heldOutFraction: Double = 0.1) throws {
    guard window >= 2 else { throw Self.windowError(window) }
    guard (0...1).contains(heldOutFraction) else {
      throw HintedError("held-out fraction: \(heldOutFraction) is outside 0…1", status: .usage)
    }
    let windowCount = text.count / window
    let trainCount = Int((Double(windowCount) * (1 - heldOutFraction)).rounded(.down))
    guard trainCount >= 1, trainCount < windowCount else {
      throw HintedError(
        "the text has \(text.count) bytes, \(windowCount) windows of \(window); both the training and the held-out "
          + "part need one", hint: "give more text or choose a smaller window")
    }
    try self.init(
      train: Array(text[..<(trainCount * window)]),
      heldOut: Array(text[(trainCount * window)..<(windowCount * window)]), window: window)
  }

  /// Cuts two texts (for instance the chunks of a shard set's splits, joined) into windows.
  /// - Throws: `HintedError` when either has no whole window.
  public init(train: [UInt8], heldOut: [UInt8], window: Int) throws {
    guard window >= 2 else { throw Self.windowError(window) }
    for (name, bytes) in [("training", train), ("held-out", heldOut)] where bytes.count < window {
      throw HintedError(
        "the \(name) text has \(bytes.count) bytes, less than one window of \(window)",
        hint: "give more text or choose a smaller window")
    }
    windowByteCount = window
    self.train = Array(train[..<(train.count / window * window)])
    self.heldOut = Array(heldOut[..<(heldOut.count / window * window)])
    id = try ContentID(
      ofCanonical: Identity(
        train: ContentID(of: self.train), heldOut: ContentID(of: self.heldOut), windowByteCount: window))
  }

  private struct Identity: Encodable {
    var train: ContentID
    var heldOut: ContentID
    var windowByteCount: Int
  }

  private static func windowError(_ window: Int) -> HintedError {
    HintedError("a window of \(window) bytes; it needs one to read and one to predict", status: .usage)
  }
}
