import Basics
import Formats
import Lineage
import ScriptedTeacher
import Training
import Vocabularies

/// The scripted teacher as a teacher of soft labels. Documents are taken in the order of their texts, so that what they
/// share is worked out once.
struct GrammarLabeller {
  private struct Text {
    var firstLabel: Int
    var bytes: [UInt8]
    var replyStart: Int?
  }

  private let forecaster: TokenForecaster

  /// - Throws: `HintedError` where the reply is found otherwise than at a line's end: a grammar has lines.
  init(_ grammar: Grammar, temperature: Double, vocabulary: Vocabulary, reply: ReplyBoundary?) throws {
    if case .after(let mark)? = reply {
      throw HintedError(
        "soft labels of a grammar need `task.reply: after-first-line`, and the recipe has the mark '\(mark)'",
        status: .usage)
    }
    forecaster = TokenForecaster(
      GrammarForecaster(grammar, temperature: temperature), vocabulary: vocabulary, isReplyApart: reply != nil)
  }

  /// - Throws: `HintedError` where the data is no documents, or one cannot be read.
  func labels(of data: TrainingData, teacher: ContentID) throws -> SoftLabels {
    guard case .documents(let documents, _) = data.content else {
      throw HintedError(
        "a grammar labels documents, and the recipe trains on windows of text",
        hint: "train with `windows: documents`, or take a checkpoint's soft labels", status: .usage)
    }
    var (texts, tokens, counter) = ([Text](), [UInt8](), SoftLabels.Counter())
    for index in 0..<documents.documentCount {
      let replyStart = try documents.read(index, into: &tokens)
      // Of a byte that the vocabulary lacks, the text is not known.
      if !tokens.contains(where: { $0 == data.vocabulary.unknownToken }) {
        texts.append(
          Text(
            firstLabel: counter.count, bytes: data.vocabulary.decode(tokens),
            replyStart: replyStart.map { data.vocabulary.decode(tokens[..<$0]).count }))
      }
      counter.add(tokens + [Document.separatorByte])
    }
    var labels = [SoftLabel](repeating: .none, count: counter.count)
    for text in texts.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
      for (index, label) in forecaster.labels(of: text.bytes, replyStart: text.replyStart).enumerated() {
        labels[text.firstLabel + index] = label
      }
    }
    return SoftLabels(source: counter.id, vocabulary: data.vocabulary.id, teacher: teacher, labels: labels)
  }
}
