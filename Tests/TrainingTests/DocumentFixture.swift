import Basics
import Formats
import Lineage
import Networks
import Training

/// Exchanges of a request and a reply, short ones and some that are longer than a window.
enum DocumentFixture {
  static let settings = {
    var settings = TrainingFixture.settings
    settings.windows = .documents
    settings.promptWeight = 0.1
    settings.repeatLimit = 3
    return settings
  }()

  static let texts = [
    "> hot?\n< No.", "> a bit warmer\n< Fine, 21 now.", "> hi\n< Hello.", "no reply here",
    "> what can you do for me\n< Heat.",
  ]

  static func list(_ texts: [String] = texts, reply: ReplyBoundary? = .afterFirstLine) throws -> DocumentList {
    try DocumentList(
      texts.enumerated().map { TokenDocument(text: Array($1.utf8), repeats: 1 + $0 % 5, reply: reply) })
  }

  static func data() throws -> TrainingData {
    try TrainingData(
      train: list(), heldOut: list(["> hot\n< No.", "> much warmer now please\n< Fine, 22.", "none"]),
      window: settings.windowTokenCount)
  }

  static func trainer(
    _ settings: TrainingSettings = settings, threadCount: Int = 1
  ) throws -> Trainer<AtomeShape> {
    try Trainer(shape: TrainingFixture.shape, settings: settings, data: data(), threadCount: threadCount)
  }
}
