import Basics
import Curation
import Lineage

/// An answer that ends as the test says.
func sample(_ text: String, index: Int = 0, finishReason: FinishReason = .stop) -> Sample {
  Sample(
    promptID: ContentID(of: "prompt \(index)"), promptIndex: index, text: text, finishReason: finishReason,
    model: "scripted")
}

extension Verdict {
  /// The reason's word; nil for an accepted document.
  var reason: String? {
    if case .rejected(let rejection) = self { rejection.reason.rawValue } else { nil }
  }

  var document: Document? {
    if case .accepted(let document) = self { document } else { nil }
  }
}
