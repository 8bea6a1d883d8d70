import Basics
import Lineage
import Similarity

/// What a part read of one file.
public struct DraftedInput: Codable, Hashable, Sendable {
  /// Position among the files of the command, from 0.
  public var file: Int
  public var name: String
  public var byteCount: Int
  /// The SHA-256 of its bytes, compressed as they stand.
  public var id: ContentID
  /// Of the whole file, whoever has them.
  public var blockCount: Int
}

/// A part's blocks, as a merge reads them again: in the order of the files.
public final class DraftFileReader {
  private let file: RandomAccessFile
  private let bandCount: Int
  private var offset = 0

  /// - Parameter near: the settings that the part's sketches were made by; nil where it made none.
  /// - Throws: `HintedError` where the file cannot be read.
  public init(_ path: String, near: NearDuplicateSettings?) throws {
    file = try RandomAccessFile(path)
    bandCount = near?.bandCount ?? 0
  }

  /// - Throws: `HintedError` where the file ends, is damaged, or holds another block there.
  func next(_ number: Int, ofFile input: Int) throws -> DraftedBlock {
    var header = ByteReader(try file.read(at: offset, count: DraftedBlock.headerByteCount), name: file.path)
    let byteCount = try DraftedBlock.bodyByteCount(&header)
    guard byteCount <= file.byteCount - offset - DraftedBlock.headerByteCount else {
      throw HintedError("\(file.path) is truncated: a block of \(byteCount) bytes does not fit in it")
    }
    let count = DraftedBlock.headerByteCount + byteCount
    var reader = ByteReader(try file.read(at: offset, count: count), name: file.path)
    let block = try DraftedBlock(&reader, bandCount: bandCount)
    guard block.file == input, block.number == number else {
      throw HintedError(
        "\(file.path) has block \(block.number) of file \(block.file) where block \(number) of file \(input) belongs",
        hint: "the parts were dealt otherwise; run them again")
    }
    offset += count
    return block
  }

  /// - Throws: `HintedError` where more blocks follow.
  func finish() throws {
    guard offset == file.byteCount else {
      throw HintedError("\(file.path) has \(file.byteCount - offset) bytes that belong to no block")
    }
  }
}
