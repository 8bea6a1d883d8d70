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
    var content: [UInt8] = []
    for group in positions.lowerBound / order.chunksOfGroup...(positions.upperBound - 1) / order.chunksOfGroup {
      let range = order.positions(ofGroup: group)
      let slots = (range.count + order.chunksOfFrame - 1) / order.chunksOfFrame
      let frames = (0..<slots).map { order.frame($0, ofGroup: group) }
      try read(frames, order, of: split, into: &content)
      let permutation = order.permutation(ofGroup: group)
      try content.withUnsafeBytes { content in
        for position in range.clamped(to: positions) {
          let place = Int(permutation[UInt64(position - range.lowerBound)])
          let start = place * index.chunkByteCount
          try body(
            frames[place / order.chunksOfFrame] * order.chunksOfFrame + place % order.chunksOfFrame,
            UnsafeRawBufferPointer(rebasing: content[start..<start + index.chunkByteCount]))
        }
      }
    }
  }

  /// The content of some frames, one behind the other.
  private func read(_ frames: [Int], _ order: ChunkOrder, of split: Split, into content: inout [UInt8]) throws {
    let ranges = frames.map { $0 * order.chunksOfFrame..<min(($0 + 1) * order.chunksOfFrame, order.chunkCount) }
    let byteCount = ranges.reduce(0) { $0 + $1.count } * index.chunkByteCount
    if content.count != byteCount { content = [UInt8](repeating: 0, count: byteCount) }
    try content.withUnsafeMutableBytes { content in
      var start = 0
      for chunks in ranges {
        let end = start + chunks.count * index.chunkByteCount
        try read(chunks: chunks, of: split, into: UnsafeMutableRawBufferPointer(rebasing: content[start..<end]))
        start = end
      }
    }
  }
}
