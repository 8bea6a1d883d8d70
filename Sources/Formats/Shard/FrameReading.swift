import Basics
import Dispatch
import Foundation
import Lineage
import Synchronization

/// A frame that is to be opened, or a part of it, and the memory that its content goes to: no other reading's.
struct FrameReading {
  let reader: SeekableReader
  let frame: Int
  /// Then it is opened right where it goes to.
  let isWhole: Bool
  /// Of the part's first byte in the frame's content.
  let offset: Int
  let target: UnsafeMutableRawBufferPointer
  /// The first chunk of it, for messages.
  let chunk: Int
  let split: Split

  /// More cores would wait for memory.
  private static let largestThreadCount = 8

  /// Opens all of them, on all cores.
  /// - Throws: `HintedError` of the first that is damaged, whichever thread met it.
  static func perform(_ readings: [FrameReading]) throws {
    let threadCount = min(ProcessInfo.processInfo.activeProcessorCount, largestThreadCount, readings.count)
    let failure = Mutex<(position: Int, error: any Error)?>(nil)
    // Readers hold no state that opening a frame changes, and each target belongs to one reading.
    nonisolated(unsafe) let readings = readings
    DispatchQueue.concurrentPerform(iterations: threadCount) { thread in
      var position = thread
      do {
        let decompressor = try ZstdDecompressor()
        while position < readings.count {
          try readings[position].open(with: decompressor)
          position += threadCount
        }
      } catch {
        failure.withLock { if position < $0?.position ?? .max { $0 = (position, error) } }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
  }

  private func open(with decompressor: ZstdDecompressor) throws {
    do {
      guard !isWhole else { return try reader.open(frame: frame, into: target, with: decompressor) }
      let content = try [UInt8](unsafeUninitializedCapacity: reader.contentRange(ofFrame: frame).count) {
        try reader.open(frame: frame, into: UnsafeMutableRawBufferPointer($0), with: decompressor)
        $1 = $0.count
      }
      target.copyBytes(from: content[offset..<offset + target.count])
    } catch let error as HintedError {
      throw error.naming(chunk: chunk, in: split)
    }
  }
}
