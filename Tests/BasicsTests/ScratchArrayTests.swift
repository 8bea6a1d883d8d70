import Basics
import Foundation
import TestSupport
import Testing

@Suite("Arrays in memory and in scratch files")
struct ScratchArrayTests {
  @Test("elements stay what they are, whether or not the array had to move to a file", arguments: [0, 5000, 1 << 30])
  func elements(memory: Int) async throws {
    try await withTemporaryFolder { folder in
      let pool = ScratchPool(folder: folder, memoryByteCount: memory)
      let (numbers, pairs) = (ScratchArray<UInt32>(pool), ScratchArray<SIMD2<UInt64>>(pool))
      var (expected, expectedPairs) = ([UInt32](), [SIMD2<UInt64>]())
      var generator = SeededGenerator(seed: 1)
      for step in 0..<40_000 {
        let value = generator.next()
        try numbers.append(UInt32(truncatingIfNeeded: value))
        expected.append(UInt32(truncatingIfNeeded: value))
        try pairs.append([value, UInt64(step)])
        expectedPairs.append([value, UInt64(step)])
        if step % 97 == 0 {
          let index = generator.below(numbers.count)
          numbers[index] &+= 7
          expected[index] &+= 7
          pool.release()
        }
      }
      #expect(pool.hasSpilled == (memory < 1 << 20))
      #expect(numbers.indices.map { numbers[$0] } == expected)
      #expect(pairs.indices.map { pairs[$0] } == expectedPairs)
      // Files have no names, so that nothing of them is left behind.
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test("memory of an array that went is there for another")
  func givenBack() throws {
    let pool = ScratchPool(folder: "/nowhere", memoryByteCount: 1 << 16)
    for _ in 0..<100 { _ = try ScratchArray<UInt8>(repeating: 1, count: 40_000, pool) }
    #expect(!pool.hasSpilled)
  }

  @Test("equal elements from the start")
  func repeating() throws {
    let array = try ScratchArray<UInt16>(repeating: 9, count: 1000, .unbounded())
    #expect(array.count == 1000)
    #expect(array.indices.allSatisfy { array[$0] == 9 })
    #expect(try ScratchArray<UInt16>(repeating: 9, count: 0, .unbounded()).isEmpty)
  }

  @Test("a disk without room is an error, not a signal")
  func fullDisk() async throws {
    try await withTemporaryFolder { folder in
      let disk = "\(folder)/disk"
      try AtomicFile.makeFolder(disk)
      let mount = try await runTool("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], in: folder)
      guard mount.status == 0 else { return }
      let array = ScratchArray<UInt64>(ScratchPool(folder: disk, memoryByteCount: 0))
      let error = #expect(throws: HintedError.self) {
        for number in 0..<1_000_000 as Range<UInt64> { try array.append(number) }
      }
      #expect(error?.status == .unavailable)
      #expect(error?.message.contains("scratch file") == true)
      #expect(array.count > 10_000 && array[array.count - 1] == UInt64(array.count - 1))
      _ = try await runTool("umount", ["-l", disk], in: folder)
    }
  }

  @Test(
    "sizes as a person writes them",
    arguments: [
      ("4096", 4096), ("512MB", 512_000_000), ("1.5 GiB", 1_610_612_736), ("1kib", 1024), ("7 b", 7),
      ("2TB", 2_000_000_000_000),
    ])
  func sizes(text: String, count: Int) { #expect(ReadableUnits.byteCount(text) == count) }

  @Test("what is no size", arguments: ["", "MB", "-1", "1 PB", "1.2.3", "nan", "1e9", "9999999999TB", "１"])
  func noSizes(text: String) { #expect(ReadableUnits.byteCount(text) == nil) }
}
