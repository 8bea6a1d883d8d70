import Basics
import Formats
import Kernels
import Lineage
import Model

/// Windows that are worked on together, copied from where they come from by the training thread, so that other threads
/// read nothing but memory. Made once; filling it allocates nothing.
final class Batch {
  private struct Window {
    var tokenCount: Int
    var countedStart: Int
    var replyStart: Int
    var hasReply: Bool
  }

  private let windowTokenCount: Int
  private let tokens: Arena<UInt8>
  /// By token: the number of its soft label; negative for none.
  private let labels: Arena<Int32>?
  private let tokenByteCounts: [Int]
  private let promptWeight: Double
  /// Of a classifier: its labels' tokens, and by token what a text of the label counts.
  private let choices: Arena<UInt8>?
  private let choiceWeights: [Float]
  /// See `DocumentSource`.
  private let tokensPerStep: Int?
  private var windows: [Window] = []
  /// The sum of the predictions' weights.
  private(set) var weight = 0.0
  /// The bytes of text that the counted predictions stand for: of all, and of replies.
  private(set) var byteCount = 0
  private(set) var replyByteCount = 0

  init(
    capacity: Int, data: TrainingData, promptWeight: Float?, hasLabels: Bool = false, head: LabelHead? = nil
  ) {
    windowTokenCount = data.windowTokenCount
    tokenByteCounts = data.vocabulary.tokenByteCounts
    tokensPerStep = data.tokensPerStep
    self.promptWeight = Double(promptWeight ?? 1)
    tokens = Arena(capacity: capacity * windowTokenCount)
    labels = hasLabels ? Arena(capacity: capacity * windowTokenCount) : nil
    choices = head.map { Arena(capacity: $0.tokens.count) }
    for (index, token) in (head?.tokens ?? []).enumerated() { choices?.whole[0, index] = token }
    var weights = [Float](repeating: 1, count: head == nil ? 0 : 256)
    for label in head?.labels ?? [] { weights[Int(label.token)] = label.weight ?? 1 }
    choiceWeights = weights
    windows.reserveCapacity(capacity)
  }

  var count: Int { windows.count }

  func clear() {
    windows.removeAll(keepingCapacity: true)
    (weight, byteCount, replyByteCount) = (0, 0, 0)
  }

  /// Adds a window all of whose predictions count alike.
  func append(_ window: ArraySlice<UInt8>, labelled place: SoftLabelPlaces.Place? = nil) {
    copy(window, to: 0)
    label(window.indices, place)
    add(Window(tokenCount: window.count, countedStart: 0, replyStart: 0, hasReply: false))
  }

  /// Adds one window of a document.
  func append(
    _ cut: DocumentWindows.Cut, of document: [UInt8], replyStart: Int?, labelled place: SoftLabelPlaces.Place? = nil
  ) {
    let end = min(cut.range.upperBound, document.count)
    copy(document[cut.range.lowerBound..<end], to: 0)
    if cut.range.upperBound > end { copy([Document.separatorByte], to: end - cut.range.lowerBound) }
    label(cut.range, place)
    add(
      Window(
        tokenCount: cut.range.count, countedStart: cut.countedStart, replyStart: cut.replyStart(replyStart),
        hasReply: replyStart != nil))
  }

  private func copy(_ source: ArraySlice<UInt8>, to offset: Int) {
    precondition(offset + source.count <= windowTokenCount, "a window of too many tokens")
    source.withUnsafeBufferPointer { bytes in
      guard let address = bytes.baseAddress else { return }
      (tokens.whole.base + windows.count * windowTokenCount + offset).update(from: address, count: bytes.count)
    }
  }

  /// - Parameter tokens: of the text or the document, the separator included.
  private func label(_ tokens: Range<Int>, _ place: SoftLabelPlaces.Place?) {
    guard let labels else { return }
    let base = labels.whole.base + windows.count * windowTokenCount
    for (index, token) in tokens.enumerated() { base[index] = place?.number(ofToken: token) ?? -1 }
  }

  /// What a teacher said about a window's tokens.
  func soft(_ index: Int, _ labels: SoftLabels?, share: Float) -> SoftTargets? {
    guard let labels, let numbers = self.labels, share > 0 else { return nil }
    return SoftTargets(labels, numbers: numbers.whole.base + index * windowTokenCount, share: share)
  }

  private func add(_ window: Window) {
    windows.append(window)
    let added = self[windows.count - 1]
    if choices != nil {
      // One label a window is predicted, and its bits are said as they are.
      weight += Double(choiceWeight(of: added))
      (byteCount, replyByteCount) = (byteCount + 1, replyByteCount + 1)
      return
    }
    guard tokensPerStep == nil else {
      let count = added.answers.count { $0 != 0 }
      weight += Double(count)
      byteCount += count
      replyByteCount += count
      return
    }
    weight += promptWeight * Double(added.promptRange.count) + Double(added.replyRange.count)
    let replyBytes = byteCount(of: added, added.replyRange)
    byteCount += byteCount(of: added, added.promptRange) + replyBytes
    if window.hasReply { replyByteCount += replyBytes }
  }

  private func byteCount(of window: TokenWindow, _ predictions: Range<Int>) -> Int {
    var sum = 0
    for index in predictions { sum += tokenByteCounts[Int(window.tokens[index + 1])] }
    return sum
  }

  subscript(_ index: Int) -> TokenWindow {
    let window = windows[index]
    let tokens = UnsafeBufferPointer<UInt8>(
      start: tokens.whole.base + index * windowTokenCount, count: window.tokenCount)
    if let tokensPerStep { return TokenWindow(tokens, tokensPerStep: tokensPerStep) }
    return TokenWindow(
      tokens, countedStart: window.countedStart, replyStart: window.replyStart,
      choices: choices.map { UnsafeBufferPointer(start: $0.whole.base, count: $0.whole.columnCount) })
  }

  private func choiceWeight(of window: TokenWindow) -> Float {
    window.replyStart < window.positionCount ? choiceWeights[Int(window.tokens[window.replyStart + 1])] : 0
  }

  /// Whether a window is of a document whose reply is known.
  func hasReply(_ index: Int) -> Bool { windows[index].hasReply }

  /// What predictions weigh in a gradient that is divided by the batch's weight; nothing where no prediction weighs
  /// anything.
  func lossScale(of index: Int) -> LossScale<Float> {
    let reply = weight > 0 ? 1 / Float(weight) : 0
    guard choices == nil else { return LossScale(prompt: 0, reply: reply * choiceWeight(of: self[index])) }
    return LossScale(prompt: Float(promptWeight) * reply, reply: reply)
  }
}
