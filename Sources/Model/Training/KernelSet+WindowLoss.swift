import Kernels

extension KernelSet {
  /// In place: a window's logits (positions, V) become the gradient of its loss; rows that do not count become zero.
  ///
  /// A weight for each part of a window rather than one for each row: the kernel stays as it is, and a window that is
  /// all reply gives the bits that it gave before there were prompts.
  func windowLoss(logits: Matrix, window: TokenWindow, scale: LossScale<Scalar>) -> WindowLoss {
    if window.countedStart > 0 { logits.rows(0..<window.countedStart).clear() }
    return WindowLoss(
      promptNats: crossEntropy(logits, window, window.promptRange, scale.prompt),
      replyNats: crossEntropy(logits, window, window.replyRange, scale.reply))
  }

  private func crossEntropy(_ logits: Matrix, _ window: TokenWindow, _ range: Range<Int>, _ scale: Scalar) -> Double {
    guard !range.isEmpty else { return 0 }
    let targets = UnsafeBufferPointer(rebasing: window.tokens[range.lowerBound + 1..<range.upperBound + 1])
    return crossEntropy(logits: logits.rows(range), targets: targets, scale: scale)
  }
}
