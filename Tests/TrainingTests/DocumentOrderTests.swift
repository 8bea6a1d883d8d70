import Basics
import Formats
import Testing
import Training

@Suite("The windows of documents, and their order")
struct DocumentOrderTests {
  @Test("Each token but the first is predicted and counted once, in windows of at most W", arguments: [2, 3, 4, 7, 24])
  func windows(size: Int) {
    let windows = DocumentWindows(windowTokenCount: size)
    for tokenCount in 2...100 {
      let cuts = (0..<windows.count(ofTokens: tokenCount)).map { windows.cut($0, ofTokens: tokenCount) }
      let counted = cuts.flatMap { cut in cut.range.lowerBound + 1 + cut.countedStart..<cut.range.upperBound }
      #expect(counted == Array(1..<tokenCount), "\(tokenCount) tokens in windows of \(size)")
      #expect(cuts.allSatisfy { (2...size).contains($0.range.count) })
      #expect(cuts.first?.range.lowerBound == 0 && cuts.last?.range.upperBound == tokenCount)
      let overlap = TrainingSettings.overlapTokenCount(ofWindow: size)
      for (one, next) in zip(cuts, cuts.dropFirst()) {
        #expect(one.range.upperBound - next.range.lowerBound == overlap)
      }
    }
  }

  @Test("A reply begins at its token, in whichever window that is")
  func replies() {
    let windows = DocumentWindows(windowTokenCount: 8)
    let cuts = (0..<windows.count(ofTokens: 20)).map { windows.cut($0, ofTokens: 20) }
    for start in 0...19 {
      let replies = cuts.flatMap { cut in
        cut.range.lowerBound + 1 + cut.replyStart(start)..<cut.range.upperBound
      }
      #expect(replies == Array(max(1, start)..<20), "reply at \(start)")
    }
  }

  private func draws(limit: Int?) throws -> DocumentDraws {
    // Documents of one, two and three windows of eight, said once, 7 times, 3 times, 20 times.
    let list = try DocumentList(
      zip([3, 12, 19, 7], [1, 7, 3, 20]).map {
        TokenDocument(tokens: Array(repeating: 65, count: $0), repeats: $1)
      })
    return try DocumentDraws(
      list, windows: DocumentWindows(windowTokenCount: 8), repeatLimit: limit, generator: SeededGenerator(seed: 4))
  }

  @Test(
    "Each window comes as often as its document was said, but not more often than the limit",
    arguments: [nil, 1, 5])
  func repeats(limit: Int?) throws {
    var draws = try draws(limit: limit)
    var orders: [[DocumentDraws.Draw]] = []
    for epoch in 0..<3 {
      let order = (epoch * draws.count..<(epoch + 1) * draws.count).map { draws[$0] }
      orders.append(order)
      for (document, (windowCount, said)) in zip([1, 2, 3, 1], [1, 7, 3, 20]).enumerated() {
        for window in 0..<windowCount {
          let count = order.count { $0.document == document && $0.window == window }
          #expect(count == min(said, limit ?? .max), "document \(document), window \(window)")
        }
      }
      #expect(Set(order).count == 7)
    }
    #expect(orders[0] != orders[1] && orders[1] != orders[2])
  }

  @Test("A draw follows from its number alone")
  func random() throws {
    var (inOrder, backwards) = (try draws(limit: 5), try draws(limit: 5))
    let expected = (0..<70).map { inOrder[$0] }
    #expect((0..<70).reversed().map { backwards[$0] }.reversed() == expected)
  }

  @Test("Documents without tokens, and no documents, are refused")
  func empty() throws {
    let windows = DocumentWindows(windowTokenCount: 8)
    for documents in [[], [TokenDocument(tokens: [])]] {
      #expect(throws: HintedError.self) {
        try DocumentDraws(
          DocumentList(documents), windows: windows, repeatLimit: nil, generator: SeededGenerator(seed: 1))
      }
    }
  }
}
