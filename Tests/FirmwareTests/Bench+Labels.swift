import Basics
import Export
import Formats
import Model
import Networks
import TestSupport
import Vocabularies

extension Bench {
  /// A classifier that has a label for the prompt or for the first line, and refuses the other; with names that a
  /// comment in C would not survive.
  static var classifier: Bench {
    get throws {
      let path = "\(PackageRoot.path)/Tests/TestSupport/Goldens/classifier.atome"
      let contents = try CompactImageFile.read(try AtomicFile.read(path), name: path)
      guard var head = contents.head else { throw HintedError("\(path) has no labels") }
      let model = contents.model
      var bench = Bench(arithmetic: "classifier", image: [], vocabulary: contents.vocabulary) {
        try CompactIntegerEngine(model: model, contextLength: contextLength)
      }
      bench.logitScale = Double(model.logitScale)
      bench.head = head
      let margins = try [prompt, Array(lines[0].utf8)].map { try bench.choice(for: $0).margin }
      head.threshold = (margins[0] + margins[1]) / 2 * bench.logitScale
      bench.head = head
      bench.image = CompactImageFile.write(
        model, vocabulary: bench.vocabulary, trainedContext: contextLength, head: head, provenance: nil)
      return bench
    }
  }

  /// The best label of a text, and how far it is above the token of none, in logits.
  private func choice(for text: [UInt8]) throws -> (label: Int, margin: Double) {
    var engine = try reference()
    var logits: [Float] = []
    for token in TokenEncoder(vocabulary).encode(text) + [LabelHead.end] { logits = try engine.step(token) }
    let scores = (head?.tokens ?? []).map { Double(logits[Int($0)]) }
    let known = scores.dropLast()
    let best = known.indices.max { (known[$0], -$0) < (known[$1], -$1) } ?? 0
    return (best, scores[best] - (scores.last ?? 0))
  }

  /// What a classifier says of a text.
  func label(of text: [UInt8]) throws -> String {
    let choice = try choice(for: text)
    return choice.margin * logitScale < head?.threshold ?? 0 ? "none of these" : head?.labels[choice.label].name ?? ""
  }
}
