import Formats
import Lineage

/// How a document's tokens, the separator behind them included, are cut into windows of at most W.
///
/// The first window begins with the document; each further one begins with the last tokens of the one before, as many
/// as `TrainingSettings.overlapTokenCount` says, whose predictions were counted there. So each token but the first is
/// predicted, and counted, once.
package struct DocumentWindows {
  /// One window of a document.
  package struct Cut: Hashable {
    /// Tokens of the document.
    package var range: Range<Int>
    /// The first prediction that counts.
    package var countedStart: Int

    /// The first prediction of the reply, of a document whose reply begins with token `start`.
    package func replyStart(_ start: Int?) -> Int {
      let prediction = max(0, (start ?? 0) - range.lowerBound - 1)
      return max(countedStart, min(prediction, range.count - 1))
    }
  }

  package let windowTokenCount: Int
  private let step: Int

  package init(windowTokenCount: Int) {
    self.windowTokenCount = windowTokenCount
    step = windowTokenCount - TrainingSettings.overlapTokenCount(ofWindow: windowTokenCount)
  }

  /// - Parameter tokenCount: the separator included.
  package func count(ofTokens tokenCount: Int) -> Int {
    let rest = max(0, tokenCount - windowTokenCount)
    return 1 + (rest + step - 1) / step
  }

  package func cut(_ index: Int, ofTokens tokenCount: Int) -> Cut {
    let start = index * step
    return Cut(
      range: start..<min(start + windowTokenCount, tokenCount),
      countedStart: index == 0 ? 0 : windowTokenCount - step - 1)
  }
}
