import Basics
import Lineage
import Vocabularies

/// Cuts what training reads into tokens anew, each time that it is read. Belongs to the training thread; filling its
/// tokens allocates nothing once they are as many as they get.
///
/// A segmentation follows from the seed and the number of what is read alone, so a resumed run meets the same ones.
struct Resegmenter {
  /// Of the text that was read last.
  private(set) var tokens: [UInt8] = []
  private var segmenter: TokenSegmenter
  private let windowTokenCount: Int
  private let generator: SeededGenerator

  /// - Parameter generator: where all segmentations start; it has a stream of its own for them.
  init(_ vocabulary: Vocabulary, probability: Double, windowTokenCount: Int, generator: SeededGenerator) {
    segmenter = TokenSegmenter(vocabulary, probability: probability)
    segmenter.reserve(tokenLimit: windowTokenCount)
    tokens.reserveCapacity(windowTokenCount)
    self.windowTokenCount = windowTokenCount
    self.generator = generator.stream(Self.stream)
  }

  /// Far from the numbers of epochs, whose order has streams of the same generator.
  private static let stream: UInt64 = 0x7365_676D

  /// A text's window that begins where the plain token `start` does.
  /// - Parameter number: of the draw, from 0.
  /// - Returns: false where the text ends too early: there are as many plain tokens as a window has, but there need not
  ///   be as many of these.
  mutating func readWindow(of text: [UInt8], from start: Int, number: Int) -> Bool {
    tokens.removeAll(keepingCapacity: true)
    var random = generator.stream(UInt64(number))
    segmenter.append(text[start...], limit: windowTokenCount, random: &random, to: &tokens)
    return tokens.count == windowTokenCount
  }

  /// A whole document, prompt and reply apart, so that no token lies across the place where the reply begins.
  /// - Parameter reading: all windows of one reading of a document are of one segmentation.
  /// - Returns: the number of tokens before the reply.
  mutating func readDocument(_ document: [UInt8], replyStart: Int?, reading: DocumentDraws.Reading) -> Int? {
    tokens.removeAll(keepingCapacity: true)
    var random = generator.stream(UInt64(reading.epoch)).stream(UInt64(reading.document))
      .stream(UInt64(reading.repetition))
    guard let replyStart else {
      segmenter.append(document[...], random: &random, to: &tokens)
      return nil
    }
    segmenter.append(document[..<replyStart], random: &random, to: &tokens)
    let start = tokens.count
    segmenter.append(document[replyStart...], random: &random, to: &tokens)
    return start
  }
}
