import Basics
import Formats
import Foundation
import Lineage
import Model
import Networks

/// A compact student's checkpoint, in float: an image of it is made on text of the domain, and has an engine in C.
struct LoadedCompact: RunnableModel {
  let id: ContentID
  let path: String
  private let checkpoint: TrainingCheckpoint<CompactShape>

  init(_ checkpoint: TrainingCheckpoint<CompactShape>, path: String, id: ContentID) {
    self.checkpoint = checkpoint
    self.path = path
    self.id = id
  }

  var note: String? { "a compact student before its export: float32, by the Swift engine alone" }
  var vocabulary: Vocabulary { checkpoint.vocabulary }
  var defaultContext: Int { checkpoint.settings.windowTokenCount }
  var logitKind: LogitKind { .float }
  var head: LabelHead? { checkpoint.settings.head }

  func check(_ settings: TalkSettings) throws {
    try checkSpeaks()
    guard settings.engine == .swift else { throw Self.noImage(path) }
    try settings.checkNoRouters(path, .compact)
  }

  func engine(_ kind: HostEngine, context: Int) throws -> any LogitSource {
    guard kind == .swift else { throw Self.noImage(path) }
    return try CompactEngine(shape: checkpoint.shape, parameters: checkpoint.parameters, contextLength: context)
  }

  func image() throws -> [UInt8] { throw Self.noImage(path) }

  func evaluation(of text: [UInt8], _ request: EvaluationRequest) async throws -> TextEvaluation {
    try checkSpeaks()
    guard request.engine == .swift else { throw Self.noImage(path) }
    return try await evaluation(of: text, request, window: request.window ?? defaultContext) {
      try engine(.swift, context: $0)
    }
  }

  private static func noImage(_ path: String) -> HintedError {
    HintedError(
      "the C engine runs images, and \(path) is a compact student's checkpoint",
      hint: "alambic export \(path) --format integer --calibrate HELD-OUT.txt --out student.atome", status: .usage)
  }
}

extension RunnableModel {
  /// Bits per byte of a text in tokens, by an engine for each thread.
  func evaluation(
    of text: [UInt8], _ request: EvaluationRequest, window: Int,
    makeEngine: @escaping @Sendable (Int) throws -> any LogitSource
  ) async throws -> TextEvaluation {
    let tokens = TokenizedText(text, vocabulary)
    let evaluation = try await BitsPerByte.evaluate(
      tokens: tokens.tokens, byteCounts: tokens.byteCounts, window: window,
      threadCount: request.threadCount ?? ProcessInfo.processInfo.activeProcessorCount, deal: request.deal
    ) { try makeEngine(window) }
    return TextEvaluation(
      evaluation: evaluation, window: window, unit: tokens.unit, tokenCount: tokens.tokens.count,
      unknownByteCount: tokens.unknownByteCount)
  }
}
