import Formats
import Lineage
import Vocabularies

extension Recipe.VocabularyChoice {
  /// The vocabulary of a shard set's training documents, each as often as it was said.
  /// - Parameters:
  ///   - shards: the set's folder.
  ///   - repeatLimit: a document counts at most so often.
  /// - Throws: `HintedError` for a set that is missing or damaged.
  public func vocabulary(ofShards shards: String, repeatLimit: Int) throws -> Vocabulary {
    guard case .learned(let marks, let strings) = self else { return .bytes }
    let reader = try ShardReader(folder: shards)
    let table = try reader.documentTable(of: .train)
    var learner = VocabularyLearner(marks: marks, stringLimit: strings)
    for index in 0..<table.documentCount {
      let repeats = min(try table.document(at: index).repeats, repeatLimit)
      learner.add(document: try reader.text(ofDocument: index, in: .train), count: repeats)
    }
    return try learner.learned()
  }
}

extension TrainingData {
  /// Both splits of a shard set, document by document.
  /// - Parameter reply: where a document's reply begins.
  /// - Throws: `HintedError` for a set that is missing or damaged, and for a split without a document.
  public init(shards: String, reply: ReplyBoundary, window: Int, vocabulary: Vocabulary) throws {
    func documents(_ split: Split) throws -> ShardDocuments {
      try ShardDocuments(
        folder: shards, split: split, reply: reply, vocabularyID: vocabulary.id,
        encode: TokenEncoder(vocabulary).encode)
    }
    try self.init(
      train: try documents(.train), heldOut: try documents(.heldOut), window: window, vocabulary: vocabulary)
  }

  /// Both splits of a shard set as two texts, cut into windows wherever they fall; the separators stay.
  /// - Throws: `HintedError` for a set that is missing or damaged, and for a split without a whole window.
  public init(shards: String, window: Int, vocabulary: Vocabulary) throws {
    let reader = try ShardReader(folder: shards)
    try self.init(
      trainBytes: try reader.content(of: .train), heldOutBytes: try reader.content(of: .heldOut), window: window,
      vocabulary: vocabulary)
  }
}
