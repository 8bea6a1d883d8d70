import Conversation
import Lineage
import Model
import Networks
import Vocabularies

/// Text that a student writes itself: what an integer form's units are chosen by where no text of its domain is given.
///
/// Each text begins with another printable byte, since a student of a narrow domain that begins by itself says one
/// kind of thing; the rest is drawn from the student's distribution. (LLM-QAT begins with one token of the vocabulary:
/// Liu et al., arXiv:2305.17888.)
struct OwnText {
  static let firstBytes: ClosedRange<UInt8> = 0x21...0x7E
  /// Texts are written until there are so many bytes.
  static let byteCount = 16_384
  /// A student that ends its texts at once would be asked without end.
  static let roundLimit: UInt64 = 16

  var model: any RunnableModel
  /// Positions that the student was trained with: no text is longer.
  var window: Int

  /// A byte that the vocabulary has no token for would be read as one that the student never saw.
  private var firstBytes: [UInt8] {
    let known = Self.firstBytes.filter { model.vocabulary.decode(model.vocabulary.encode([$0])) == [$0] }
    return known.isEmpty ? [Document.separatorByte] : known
  }

  /// The texts, each with the byte that ends a document.
  /// - Throws: `CancellationError`; `HintedError` from an engine.
  func bytes() async throws -> [UInt8] {
    let talker = Talker(model: model, context: window, place: .host(.swift))
    var texts: [UInt8] = []
    for round in 0..<Self.roundLimit where texts.count < Self.byteCount {
      for first in firstBytes {
        let sampling = try Sampling(temperature: 1_000, seed: round << 8 | UInt64(first))
        let answer = try await talker.answer(
          [first], AnswerRequest(byteCount: max(1, window - 2), sampling: sampling, stops: [Document.separatorByte]))
        texts += [first] + answer.output + [Document.separatorByte]
      }
    }
    return texts
  }
}
