import Basics

/// The order in which documents come: each epoch all of their windows, a document as often as it was said but no more
/// often than a limit, shuffled by a permutation of its own.
///
/// A batch follows from the number of its step alone, so a resumed run needs nothing else. Takes eight bytes a
/// document, and one pass over all documents at the start, since the windows of a document follow from its tokens.
package struct DocumentDraws {
  package struct Draw: Hashable {
    package var document: Int
    /// Which of the document's windows.
    package var window: Int
  }

  /// One time that a document is met with all of its windows.
  package struct Reading: Hashable {
    package var epoch: Int
    package var document: Int
    /// Of as many in an epoch as the document was said, or may come.
    package var repetition: Int
  }

  /// How many draws the documents up to and with each one have.
  private let ends: [Int]
  private let windowCounts: WindowCounts
  private let generator: SeededGenerator
  private var epoch = -1
  private var permutation = Permutation(count: 1, seed: 0)

  /// Most corpora have no document of more than a window.
  private enum WindowCounts {
    case oneEach
    case of([UInt32])

    func count(_ document: Int) -> Int {
      switch self {
      case .oneEach: 1
      case .of(let counts): Int(counts[document])
      }
    }
  }

  /// - Parameter generator: decides every epoch's order.
  package init(
    _ source: some DocumentSource, windows: DocumentWindows, repeatLimit: Int?, generator: SeededGenerator
  ) throws {
    var (ends, counts, tokens) = ([Int](), [UInt32](), [UInt8]())
    ends.reserveCapacity(source.documentCount)
    var end = 0
    for index in 0..<source.documentCount {
      _ = try source.read(index, into: &tokens)
      guard !tokens.isEmpty else {
        throw HintedError("document \(index) has no tokens", hint: "curate and shard the documents again")
      }
      let count = windows.count(ofTokens: tokens.count + 1)
      end += count * max(1, min(try source.repeats(of: index), repeatLimit ?? .max))
      ends.append(end)
      if count > 1 || !counts.isEmpty {
        counts += Array(repeating: 1, count: index - counts.count) + [UInt32(clamping: count)]
      }
    }
    guard end > 0 else {
      throw HintedError("there is no document to train on", hint: "curate and shard more text")
    }
    self.ends = ends
    windowCounts = counts.isEmpty ? .oneEach : .of(counts)
    self.generator = generator
  }

  /// Windows of one epoch.
  package var count: Int { ends[ends.count - 1] }

  package func windowCount(of document: Int) -> Int { windowCounts.count(document) }

  /// The n-th of all draws, from 0.
  package subscript(_ number: Int) -> Draw {
    mutating get {
      let (document, place) = place(number)
      return Draw(document: document, window: place % windowCounts.count(document))
    }
  }

  /// Which reading of its document the n-th draw belongs to.
  package mutating func reading(_ number: Int) -> Reading {
    let (document, place) = place(number)
    return Reading(epoch: number / count, document: document, repetition: place / windowCounts.count(document))
  }

  /// The document of a draw, and which of its draws in the epoch it is.
  private mutating func place(_ number: Int) -> (document: Int, place: Int) {
    let (epoch, position) = number.quotientAndRemainder(dividingBy: count)
    if epoch != self.epoch {
      permutation = Permutation(count: UInt64(count), seed: generator.stream(UInt64(epoch)).state)
      self.epoch = epoch
    }
    return document(at: Int(permutation[UInt64(position)]))
  }

  private func document(at place: Int) -> (document: Int, place: Int) {
    var (low, high) = (0, ends.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] > place { high = middle } else { low = middle + 1 }
    }
    return (low, place - (low == 0 ? 0 : ends[low - 1]))
  }
}
