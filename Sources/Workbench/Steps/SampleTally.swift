import Basics
import Lineage
import Teachers

/// All samples of an `ask`, counted one by one: they live in the ledger.
struct SampleTally {
  private(set) var count = 0
  private(set) var byteCount = 0
  /// Answers that did not end by themselves, and those without a text.
  private(set) var cutCount = 0
  private(set) var emptyCount = 0
  private var ids = ContentIDListHasher()

  /// - Parameter shape: how texts are made of answers, where they are not the answers themselves: other texts of the
  ///   same answers are another artifact.
  init(shape: String?) {
    if let shape { ids.append(ContentID(of: shape)) }
  }

  mutating func add(_ sample: Sample) {
    count += 1
    byteCount += sample.text.utf8.count
    if sample.isBlank {
      emptyCount += 1
    } else if sample.finishReason != .stop {
      cutCount += 1
    }
    ids.append(sample.id)
  }

  /// The samples as one artifact: only their ids are hashed.
  var artifact: Artifact { Artifact(id: ids.id, kind: .samples, path: nil, byteCount: byteCount) }
}
