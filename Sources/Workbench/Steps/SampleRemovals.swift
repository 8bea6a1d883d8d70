import Basics
import Ledger
import Lineage
import Prompting

/// Which answers a corpus's removals take out, before anything else is decided about them.
struct SampleRemovals: Sendable {
  /// Those that stand.
  let standing: [Removal]
  /// Nil where no prompt stands behind a sample.
  let expander: PromptExpander?
  /// What their terms say of their outputs, by the teacher's name.
  var licenses: [String: String] = [:]

  var isEmpty: Bool { standing.isEmpty }

  /// Nothing where there are none, so that what was made before stays up to date.
  var receiptSettings: [String: String] {
    get throws {
      guard !isEmpty else { return [:] }
      return ["removals": try CanonicalJSON.text(standing.map { [$0.list, $0.word, $0.reason] + teachers(of: $0) })]
    }
  }

  /// Whom a licence takes out; profiles may come to say something else.
  private func teachers(of removal: Removal) -> [String] {
    removal.list == Removal.license ? licenses.filter { $0.value == removal.word }.keys.sorted() : []
  }

  /// - Returns: the samples that stay, and a rejection of each of the others.
  func applied(to samples: [Sample]) throws -> (kept: [Sample], rejections: [Rejection]) {
    guard !isEmpty else { return (samples, []) }
    let labels = try labels()
    var (kept, rejections) = ([Sample](), [Rejection]())
    for sample in samples {
      if let removal = standing.first(where: { takes($0, sample, labels[sample.promptID] ?? [:]) }) {
        rejections.append(
          Rejection(
            sampleID: sample.id, indexInSample: 0, reason: .removed,
            detail: removal.condition + (removal.reason.isEmpty ? "" : ": \(removal.reason)"), text: sample.text))
      } else {
        kept.append(sample)
      }
    }
    return (kept, rejections)
  }

  private func takes(_ removal: Removal, _ sample: Sample, _ labels: [String: String]) -> Bool {
    if removal.list == Removal.model { return sample.model == removal.word }
    return labels[removal.list].map(removal.takes) ?? false
  }

  private func labels() throws -> [ContentID: [String: String]] {
    guard let expander, standing.contains(where: { $0.list != Removal.model }) else { return [:] }
    return Dictionary(try expander.prompts().map { ($0.id, labels(of: $0)) }) { first, _ in first }
  }

  /// A prompt has no word for its teacher where there is but one.
  private func labels(of prompt: Prompt) -> [String: String] {
    let license = prompt.labels[PromptLabel.teacher].map { licenses[$0] } ?? licenses.values.first
    return prompt.labels.merging([Removal.license: license].compactMapValues { $0 }) { own, _ in own }
  }
}
