import Basics
import Formats
import Foundation
import Lineage
import Sharding
import TestSupport
import Testing

@Suite("A shuffled order of chunks")
struct ChunkOrderTests {
  @Test("it is the one that the format describes: an independent program of the same words gave these numbers")
  func knownAnswer() {
    let order = ChunkOrder(chunkCount: 1000, chunksOfFrame: 16, seed: 7, epoch: 2, groupFrameCount: 8)
    let numbers = (0..<1000).map { order[$0] }
    #expect(numbers.prefix(8) == [400, 230, 898, 819, 201, 224, 897, 272])
    #expect(numbers[127...130] == [816, 379, 45, 841])
    #expect(numbers.suffix(4) == [255, 389, 243, 14])
    #expect(
      ContentID(of: numbers.map(String.init).joined(separator: ",")).hex
        == "f486b4dab165ebc5a85283a049eea3b3d07cbdb2f94824e01e1fd553e3de1f85")
    let small = ChunkOrder(chunkCount: 300, chunksOfFrame: 256, seed: 0, epoch: 0)
    #expect((0..<10).map { small[$0] } == [36, 85, 144, 176, 11, 96, 276, 157, 83, 10])
  }

  @Test("each chunk comes once, whatever the counts", arguments: [1, 2, 15, 16, 17, 127, 128, 129, 255, 256, 400])
  func once(chunkCount: Int) {
    for (frame, group) in [(1, 1), (16, 1), (16, 8), (7, 3), (512, 4)] {
      for epoch in 0..<3 as Range<UInt64> {
        let order = ChunkOrder(
          chunkCount: chunkCount, chunksOfFrame: frame, seed: 3, epoch: epoch, groupFrameCount: group)
        #expect((0..<chunkCount).map { order[$0] }.sorted() == Array(0..<chunkCount))
      }
    }
  }

  @Test("seeds and epochs are different orders, and no chunk has a favourite place")
  func different() {
    func order(_ seed: UInt64, _ epoch: UInt64) -> [Int] {
      let order = ChunkOrder(chunkCount: 64, chunksOfFrame: 4, seed: seed, epoch: epoch)
      return (0..<64).map { order[$0] }
    }
    #expect(order(0, 0) == order(0, 0))
    #expect(Set([order(0, 0), order(0, 1), order(1, 0), order(1, 1)]).count == 4)
    var sums = [Int](repeating: 0, count: 64)
    for epoch in 0..<2000 as Range<UInt64> {
      for (place, chunk) in order(5, epoch).enumerated() { sums[chunk] += place }
    }
    // Means of 2000 places of 0...63 have a standard deviation of 0.41.
    for sum in sums { #expect(abs(Double(sum) / 2000 - 31.5) < 2.1) }
  }

  @Test("what is handed out is the chunk of that number, from any position on")
  func reading() async throws {
    try await withTemporaryFolder { folder in
      _ = try ShardBuilder.build(randomDocuments(300, seed: 5), settings: ShardBuilderTests.small, folder: folder)
      let reader = try ShardReader(folder: folder)
      let count = reader.index.train.chunkCount
      for group in [1, 3, 1024] {
        let order = ChunkOrder(chunkCount: count, chunksOfFrame: 16, seed: 1, epoch: 0, groupFrameCount: group)
        for range in [0..<count, 0..<1, 1..<count, count / 2..<count / 2 + 40, count - 1..<count, 5..<5] {
          var position = range.lowerBound
          try reader.forEachChunk(in: .train, order, positions: range) { number, bytes in
            #expect(number == order[position])
            let chunk = try reader.chunk(at: number, in: .train)
            #expect(Array(bytes) == chunk.bytes)
            position += 1
          }
          #expect(position == range.upperBound)
        }
      }
    }
  }

  @Test("a split without chunks has an order of none")
  func empty() async throws {
    try await withTemporaryFolder { folder in
      _ = try ShardBuilder.build([], settings: ShardBuilderTests.small, folder: folder)
      let reader = try ShardReader(folder: folder)
      try reader.forEachChunk(in: .train, reader.order(of: .train, seed: 0, epoch: 0)) { _, _ in Issue.record("a chunk")
      }
    }
  }
}
