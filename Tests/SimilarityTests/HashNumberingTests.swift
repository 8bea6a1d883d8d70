import Basics
import Similarity
import TestSupport
import Testing

@Suite("Numbers of hashes")
struct HashNumberingTests {
  @Test("each hash has the number of its first coming, in memory and in files", arguments: [0, 1 << 30])
  func numbers(memory: Int) async throws {
    try await withTemporaryFolder { folder in
      var numbering = try HashNumbering(ScratchPool(folder: folder, memoryByteCount: memory))
      var (known, generator) = ([UInt64: Int](), SeededGenerator(seed: 2))
      for _ in 0..<20_000 {
        // Few, and alike in half of their bits, so that slots and what they remember collide.
        let hash = UInt64(generator.below(3000)) << (generator.below(2) == 0 ? 0 : 32)
        let number = try numbering.number(of: hash)
        #expect(number == known[hash, default: known.count])
        known[hash] = number
      }
      #expect(numbering.count == known.count && known.count > 5000)
    }
  }
}
