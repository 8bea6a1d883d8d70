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

  /// One of so many windows that lie evenly over a document: what a document whose draws were counted gets when it has
  /// some tokens more or less than then. Here, too, each token but the first is predicted, and counted, once.
  /// - Returns: nil where so many windows do not reach over the document, or where one of them would count nothing.
  package func spread(_ index: Int, of count: Int, ofTokens tokenCount: Int) -> Cut? {
    guard count > 1 else {
      return tokenCount <= windowTokenCount ? Cut(range: 0..<tokenCount, countedStart: 0) : nil
    }
    let lastStart = tokenCount - windowTokenCount
    // Each begins after the one before, and at the latest with its last token.
    guard (count - 1...(count - 1) * (windowTokenCount - 1)).contains(lastStart) else { return nil }
    func start(_ index: Int) -> Int { index * lastStart / (count - 1) }
    return Cut(
      range: start(index)..<start(index) + windowTokenCount,
      countedStart: index == 0 ? 0 : start(index - 1) + windowTokenCount - 1 - start(index))
  }
}
