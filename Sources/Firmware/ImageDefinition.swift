import Basics

/// What an RP2350's boot ROM looks for in the first 4 KiB of flash: a block of words that says what is to be started.
/// Ours has one item, the image's type, and no other block follows; the vectors are where the flash begins.
public enum ImageDefinition {
  /// Beyond these the boot ROM looks for nothing.
  public static let searchedByteCount = 4096

  private static let (start, end): (UInt32, UInt32) = (0xFFFF_DED3, 0xAB12_3579)
  /// An item of one word with its flags: executable, secure, for Arm, of the RP2350.
  private static let imageType: UInt32 = 0x1021_0142
  /// One word of items stands before this.
  private static let lastItem: UInt32 = 0x0000_01FF

  /// - Throws: `HintedError` when the boot ROM would refuse the flash image.
  package static func check(_ flash: [UInt8]) throws {
    let words = stride(from: 0, to: min(flash.count, searchedByteCount) / 4 * 4, by: 4).map { place in
      flash[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    guard let place = words.firstIndex(of: start), words[place...].prefix(5) == [start, imageType, lastItem, 0, end]
    else {
      throw HintedError(
        "no block says in the first \(searchedByteCount) bytes what is to be started: no RP2350 would",
        status: .internalFault)
    }
  }
}
