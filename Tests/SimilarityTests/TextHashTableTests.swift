import Basics
import Similarity
import TestSupport
import Testing

@Suite("Texts by their hash")
struct TextHashTableTests {
  @Test("each hash has the number that it came with first", arguments: [0, 1 << 30])
  func numbers(memory: Int) async throws {
    try await withTemporaryFolder { folder in
      var table = try TextHashTable(ScratchPool(folder: folder, memoryByteCount: memory))
      var (known, hashes) = ([TextHash: Int](), [TextHash]())
      var generator = SeededGenerator(seed: 2)
      for _ in 0..<50_000 {
        // Few different halves, so that slots and their bits collide all the time.
        let hash = TextHash(high: UInt64(generator.below(300)) << 20, low: UInt64(generator.below(200)))
        let number = try table.insert(hash) { hashes[$0] }
        #expect(number == known[hash])
        if number == nil {
          known[hash] = hashes.count
          hashes.append(hash)
        }
      }
      #expect(hashes.count > 20_000)
    }
  }
}
