import Basics
import Lineage

extension ShardReader {
  /// Says where a shard that is not the index's differs: by size, by its first unreadable frame, or not at all in its
  /// content.
  func damage(of shard: Shard, in file: RandomAccessFile) -> HintedError {
    let hint = "shard the documents again, or fetch this shard again"
    if file.byteCount != shard.byteCount {
      return HintedError("\(file.path): \(file.byteCount) bytes, but the index says \(shard.byteCount)", hint: hint)
    }
    do {
      let reader = try SeekableReader(file)
      for frame in 0..<reader.frameCount {
        let chunks = chunkNumbers(of: shard, inContent: reader.contentRange(ofFrame: frame))
        do {
          _ = try reader.content(ofFrame: frame)
        } catch let error as HintedError {
          return HintedError(
            "\(error.message); the frame holds \(shard.split.rawValue) chunks \(chunks.lowerBound) to "
              + "\(chunks.upperBound - 1)", hint: hint)
        }
      }
      return HintedError(
        "\(file.path): the SHA-256 is not the index's, though every frame is whole: a shard of other content",
        hint: hint)
    } catch let error as HintedError {
      return HintedError(error.message, hint: hint)
    } catch {
      return HintedError("\(file.path): \(error)", hint: hint)
    }
  }

  private func chunkNumbers(of shard: Shard, inContent range: Range<Int>) -> Range<Int> {
    let first = shard.firstChunkIndex + range.lowerBound / index.chunkByteCount
    let last = shard.firstChunkIndex + (range.upperBound - 1) / index.chunkByteCount
    return first..<last + 1
  }
}
