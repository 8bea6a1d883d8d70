import Basics
import Lineage

extension ShardReader {
  /// The order of a split's chunks in one epoch.
  public func order(of split: Split, seed: UInt64, epoch: UInt64) -> ChunkOrder {
    ChunkOrder(
      chunkCount: index[split].chunkCount, chunksOfFrame: index.frameContentByteCount / index.chunkByteCount,
      seed: seed, epoch: epoch)
  }

  /// Hands out chunks in that order. One group's content is in memory at a time, and each frame is opened once.
  /// - Parameters:
  ///   - split: the side that is read.
  ///   - order: which chunk comes when.
  ///   - positions: which of the order; all of it unless given.
  ///   - body: a chunk's number, and its bytes, which are valid during the call only.
  /// - Throws: `HintedError` for damage, with the shard and the frame, and what `body` throws.
  public func forEachChunk(
    in split: Split, _ order: ChunkOrder, positions: Range<Int>? = nil,
    _ body: (_ number: Int, _ bytes: UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let positions = positions ?? 0..<order.chunkCount
    guard !positions.isEmpty else { return }
    // The first group is the largest.
    let room = try LargeBuffer(byteCount: order.positions(ofGroup: 0).count * index.chunkByteCount)
    for group in positions.lowerBound / order.chunksOfGroup...(positions.upperBound - 1) / order.chunksOfGroup {
      let range = order.positions(ofGroup: group)
      let slots = (range.count + order.chunksOfFrame - 1) / order.chunksOfFrame
      let frames = (0..<slots).map { order.frame($0, ofGroup: group) }
      let content = try read(frames, order, of: split, into: room)
      let permutation = order.permutation(ofGroup: group)
      for position in range.clamped(to: positions) {
        let place = Int(permutation[UInt64(position - range.lowerBound)])
        let start = place * index.chunkByteCount
        try body(
          frames[place / order.chunksOfFrame] * order.chunksOfFrame + place % order.chunksOfFrame,
          UnsafeRawBufferPointer(rebasing: content[start..<start + index.chunkByteCount]))
      }
    }
  }

  /// The content of some frames, one behind the other.
  private func read(
    _ frames: [Int], _ order: ChunkOrder, of split: Split, into room: LargeBuffer
  ) throws -> UnsafeRawBufferPointer {
    let ranges = frames.map { $0 * order.chunksOfFrame..<min(($0 + 1) * order.chunksOfFrame, order.chunkCount) }
    var (start, readings) = (0, [FrameReading]())
    for chunks in ranges {
      let end = start + chunks.count * index.chunkByteCount
      let part = UnsafeMutableRawBufferPointer(rebasing: room.bytes[start..<end])
      readings += try self.frames(ofChunks: chunks, of: split, into: part)
      start = end
    }
    try FrameReading.perform(readings)
    return UnsafeRawBufferPointer(rebasing: room.bytes[..<start])
  }
}
