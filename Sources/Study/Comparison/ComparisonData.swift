import Basics
import Formats
import Lineage
import Training

/// What contestants learn from and are measured on.
///
/// A text is cut in three parts, in their order: 80 % to train on, 10 % to choose learning rates by, 10 % for the test,
/// which is measured once, after the last step of each training. The borders lie where windows of as many bytes would
/// have them, whatever the tokens are; the vocabulary is learned from the first part alone.
struct ComparisonData: Sendable {
  /// Nil for a corpus, whose rates are its recipe's.
  let validation: TrainingData?
  let test: TrainingData
  /// The test's bytes; empty for a corpus.
  let testText: [UInt8]
  let exam: StudentExam?

  /// A test alone, without questions.
  init(test: TrainingData) {
    (validation, self.test, testText, exam) = (nil, test, [], nil)
  }

  init(_ source: ComparisonPlan.Source, window: Int) throws {
    switch source {
    case .corpus(let data, let exam):
      (validation, test, testText, self.exam) = (nil, data, [], exam)
    case .text(let text, let choice):
      let windowCount = text.count / max(1, window)
      let (first, second) = (windowCount * 8 / 10 * window, windowCount * 9 / 10 * window)
      let train = Array(text[..<first])
      let vocabulary = try choice.vocabulary(of: train)
      func data(measuredOn range: Range<Int>) throws -> TrainingData {
        try TrainingData(trainBytes: train, heldOutBytes: Array(text[range]), window: window, vocabulary: vocabulary)
      }
      validation = try data(measuredOn: first..<second)
      test = try data(measuredOn: second..<(windowCount * window))
      testText = Array(text[second..<(windowCount * window)])
      exam = nil
    }
  }
}

/// Data, and the bytes that its held-out part's losses are divided by.
struct MeasuredData: Sendable {
  let data: TrainingData
  /// Of all held-out windows or documents.
  let byteCount: Int
  /// Of one, on average.
  let meanByteCount: Double
  let bytesPerToken: Double

  init(_ data: TrainingData) throws {
    let counts = try data.heldOutByteCounts()
    self.data = data
    byteCount = counts.reduce(0, +)
    meanByteCount = Double(byteCount) / Double(max(1, counts.count))
    bytesPerToken = try data.heldOutBytesPerToken()
  }

  func bitsPerByte(_ nats: [Double]) -> Double { Study.bitsPerByte(nats, byteCount: byteCount) }
}
