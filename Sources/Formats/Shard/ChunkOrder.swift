import Basics

/// A seeded order of a split's chunks, computed from any position without memory: so a run resumes anywhere at once,
/// and every machine has the same order. Specified in docs/formats/shard.md.
///
/// Chunks of one frame are opened together, so the order is of two levels: frames are shuffled and taken a group at a
/// time, and the chunks of a group are shuffled among each other. A split of one group, 64 MiB, is shuffled as a whole.
public struct ChunkOrder: Sendable {
  /// Frames that are open together: 64 MiB of content at 64 KiB a frame.
  public static let frameCountOfGroup = 1024

  public let chunkCount: Int
  /// Chunks of a frame; the split's last frame may hold fewer.
  let chunksOfFrame: Int
  let groupFrameCount: Int
  private let generator: SeededGenerator
  private let frames: Permutation

  /// - Parameters:
  ///   - chunkCount: of the split.
  ///   - chunksOfFrame: at least 1.
  ///   - seed: of the run.
  ///   - epoch: which pass over the split, from 0.
  ///   - groupFrameCount: how many frames are shuffled together, and so in memory at a time.
  public init(
    chunkCount: Int, chunksOfFrame: Int, seed: UInt64, epoch: UInt64, groupFrameCount: Int = frameCountOfGroup
  ) {
    (self.chunkCount, self.chunksOfFrame, self.groupFrameCount) = (chunkCount, chunksOfFrame, groupFrameCount)
    generator = SeededGenerator(seed: seed).stream(epoch)
    frames = Permutation(count: UInt64(max(1, chunkCount / chunksOfFrame)), seed: generator.stream(0).state)
  }

  var chunksOfGroup: Int { groupFrameCount * chunksOfFrame }
  var groupCount: Int { (chunkCount + chunksOfGroup - 1) / chunksOfGroup }

  /// Positions of a group in the order.
  func positions(ofGroup group: Int) -> Range<Int> {
    group * chunksOfGroup..<min((group + 1) * chunksOfGroup, chunkCount)
  }

  /// The frame that is the group's `slot`-th. A last frame that is not full stays last.
  func frame(_ slot: Int, ofGroup group: Int) -> Int {
    let place = group * groupFrameCount + slot
    return place < chunkCount / chunksOfFrame ? Int(frames[UInt64(place)]) : place
  }

  /// How a group's chunks are shuffled among each other: by position in the group, slot × `chunksOfFrame` + chunk.
  func permutation(ofGroup group: Int) -> Permutation {
    Permutation(count: UInt64(positions(ofGroup: group).count), seed: generator.stream(UInt64(group) + 1).state)
  }

  /// The number of the chunk that comes at a position.
  /// - Parameter position: below `chunkCount`.
  public subscript(_ position: Int) -> Int {
    let group = position / chunksOfGroup
    let place = Int(permutation(ofGroup: group)[UInt64(position - group * chunksOfGroup)])
    return frame(place / chunksOfFrame, ofGroup: group) * chunksOfFrame + place % chunksOfFrame
  }
}
