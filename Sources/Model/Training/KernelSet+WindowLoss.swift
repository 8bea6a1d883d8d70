import Kernels

extension KernelSet {
  /// In place: a window's logits (positions, V) become the gradient of its loss; rows that do not count become zero.
  ///
  /// A weight for each part of a window rather than one for each row: the kernel stays as it is, and a window that is
  /// all reply gives the bits that it gave before there were prompts.
  func windowLoss(logits: Matrix, window: TokenWindow, scale: LossScale<Scalar>) -> WindowLoss {
    if let choices = window.choices { return labelLoss(logits, window, choices, scale.reply) }
    if window.tokensPerStep != nil { return stepLoss(logits, window.answers, scale.reply) }
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

  /// The softmax over a classifier's labels, at the prediction of the label; all else becomes zero, so that rows of
  /// other tokens learn nothing from it.
  private func labelLoss(
    _ logits: Matrix, _ window: TokenWindow, _ choices: UnsafeBufferPointer<UInt8>, _ scale: Scalar
  ) -> WindowLoss {
    let position = window.replyStart
    guard position < window.positionCount else {
      logits.clear()
      return WindowLoss()
    }
    let (row, target) = (logits.row(position), Int(window.tokens[position + 1]))
    return withUnsafeTemporaryAllocation(of: Scalar.self, capacity: choices.count) { shares in
      var largest = -Scalar.infinity
      for choice in choices { largest = max(largest, row[0, Int(choice)]) }
      var sum: Scalar = 0
      for (index, choice) in choices.enumerated() {
        shares[index] = Scalar.exponential(row[0, Int(choice)] - largest)
        sum += shares[index]
      }
      let nats = Scalar.logarithm(sum) - (row[0, target] - largest)
      logits.clear()
      for (index, choice) in choices.enumerated() {
        row[0, Int(choice)] = scale * (shares[index] / sum - (Int(choice) == target ? 1 : 0))
      }
      return WindowLoss(replyNats: Double(nats))
    }
  }

  /// A window is judged by its largest score, so the step that has it weighs more: where the event is answered for, the
  /// largest of those steps, else of all. The loss that is said is without that weight.
  private func stepLoss(_ logits: Matrix, _ answers: UnsafeBufferPointer<UInt8>, _ scale: Scalar) -> WindowLoss {
    let hasEvent = answers.contains(StepAnswer.event)
    func score(_ row: Int) -> Scalar { logits[row, Int(StepAnswer.event)] - logits[row, Int(StepAnswer.none)] }
    let peak = answers.indices.filter { answers[$0] == (hasEvent ? StepAnswer.event : StepAnswer.none) }
      .max { score($0) < score($1) }
    var nats = 0.0
    for (row, answer) in answers.enumerated() {
      let rows = logits.rows(row..<row + 1)
      guard answer != 0 else {
        rows.clear()
        continue
      }
      let target = UnsafeBufferPointer(rebasing: answers[row..<row + 1])
      nats += crossEntropy(
        logits: rows, targets: target, scale: row == peak ? StepAnswer.peakWeight() * scale : scale)
    }
    return WindowLoss(replyNats: nats)
  }
}

/// What a student of steps answers: that something just happened, or that it did not.
enum StepAnswer {
  static let event = WakeWordDetector.saidByte
  static let none = WakeWordDetector.otherByte

  /// What a window's largest score weighs, where another step weighs 1: as much as half of the steps of 1.6 s together.
  static func peakWeight<Scalar: RealNumber>() -> Scalar { Scalar(24) }
}
