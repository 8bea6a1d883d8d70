import Basics
import Formats
import Foundation
import Lineage
import Training
import Vocabularies

/// What of a text is held out.
public enum TextSplit: String, CaseIterable, Sendable {
  case documents, lines, windows
}

/// What a run without a corpus learns from: a text, or a folder of shards.
public struct TrainingSource: Sendable {
  public var path: String
  /// A text to measure on, instead of a tenth of the other.
  public var heldOut: String?
  /// Nil for documents, where there are some.
  public var split: TextSplit?
  /// Of shards whose documents are requests with replies.
  public var reply: ReplyBoundary?
  public var vocabulary: Recipe.VocabularyChoice
  /// Tokens in a window.
  public var window: Int

  public init(
    path: String, heldOut: String? = nil, split: TextSplit? = nil, reply: ReplyBoundary? = nil,
    vocabulary: Recipe.VocabularyChoice = .bytes, window: Int
  ) {
    (self.path, self.heldOut, self.split, self.reply) = (path, heldOut, split, reply)
    (self.vocabulary, self.window) = (vocabulary, window)
  }

  public var isShardSet: Bool { FileManager.default.fileExists(atPath: "\(path)/\(ShardIndex.fileName)") }

  /// What is learned, and how a text is split.
  public struct Content {
    public var data: TrainingData
    /// Of a text, a tenth of which is held out; nil where it has none, or none are wanted.
    public var documents: TextDocuments?
    /// The whole text, where its last tenth is held out.
    public var cutText: [UInt8]?
  }

  /// Reads what is named, once, so that it may be a pipe.
  /// - Throws: `HintedError` for what does not go together, and for a text that is too short.
  public func content() throws -> Content {
    if isShardSet { return Content(data: try shardedData()) }
    guard reply == nil else {
      throw HintedError(
        "--reply is for shards of documents, and \(path) is a text",
        hint: "alambic curate --input, then alambic shard --input, make shards of it", status: .usage)
    }
    let text = try PlainTextFile.read(path)
    if let heldOut {
      guard split == nil else {
        throw HintedError(
          "--held-out names what is held out, and --split looks for it in --data", hint: "give one of them",
          status: .usage)
      }
      let heldOut = try PlainTextFile.read(heldOut)
      return Content(
        data: try TrainingData(trainBytes: text, heldOutBytes: heldOut, window: window, vocabulary: vocabulary))
    }
    if let documents = documents(of: text), documents.heldOut.count >= window {
      let data = try TrainingData(
        trainBytes: documents.train, heldOutBytes: documents.heldOut, window: window, vocabulary: vocabulary)
      return Content(data: data, documents: documents)
    }
    return Content(data: try TrainingData(bytes: text, window: window, vocabulary: vocabulary), cutText: text)
  }

  private func shardedData() throws -> TrainingData {
    guard heldOut == nil, split == nil else {
      throw HintedError(
        "\(path) holds a held-out part of its own", hint: "leave out --held-out and --split", status: .usage)
    }
    let vocabulary = try vocabulary.vocabulary(ofShards: path, repeatLimit: Recipe.Training.usualRepeatLimit)
    guard let reply else { return try TrainingData(shards: path, window: window, vocabulary: vocabulary) }
    return try TrainingData(shards: path, reply: reply, window: window, vocabulary: vocabulary)
  }

  private func documents(of text: [UInt8]) -> TextDocuments? {
    switch split {
    case .windows: nil
    case .lines: TextDocuments(text, separators: [.line])
    case .documents, nil: TextDocuments(text)
    }
  }
}

extension TrainingSettings {
  /// The same for documents that are requests with replies.
  public func learningReplies(promptWeight: Float = 0.1) -> TrainingSettings {
    var settings = self
    settings.windows = .documents
    settings.promptWeight = promptWeight
    settings.repeatLimit = Recipe.Training.usualRepeatLimit
    return settings
  }
}
