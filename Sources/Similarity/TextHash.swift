/// The 128-bit hash of a text's bytes that stands for "the same text": MurmurHash3_x64_128, seed 0 (Austin Appleby,
/// public domain). Two of 10^12 different texts have the same one with a probability below 10^-14.
public struct TextHash: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var high: UInt64
  public var low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  public init(of bytes: UnsafeRawBufferPointer) {
    var state = Murmur3()
    let blockCount = bytes.count / 16
    for block in 0..<blockCount {
      state.mix(
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 16 * block, as: UInt64.self)),
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 16 * block + 8, as: UInt64.self)))
    }
    state.mixTail(bytes[(16 * blockCount)...])
    self = state.finished(byteCount: bytes.count)
  }

  public init(of text: String) {
    var text = text
    self = text.withUTF8 { TextHash(of: UnsafeRawBufferPointer($0)) }
  }

  public static func < (left: TextHash, right: TextHash) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

private struct Murmur3 {
  private static let c1: UInt64 = 0x87c3_7b91_1142_53d5
  private static let c2: UInt64 = 0x4cf5_ad43_2745_937f
  private var h1: UInt64 = 0
  private var h2: UInt64 = 0

  mutating func mix(_ k1: UInt64, _ k2: UInt64) {
    h1 ^= Self.first(k1)
    h1 = (h1.rotated(27) &+ h2) &* 5 &+ 0x52dc_e729
    h2 ^= Self.second(k2)
    h2 = (h2.rotated(31) &+ h1) &* 5 &+ 0x3849_5ab5
  }

  /// The last 0 to 15 bytes.
  mutating func mixTail(_ tail: Slice<UnsafeRawBufferPointer>) {
    var (k1, k2) = (UInt64(0), UInt64(0))
    for (position, byte) in tail.enumerated() {
      if position < 8 { k1 |= UInt64(byte) << (8 * position) } else { k2 |= UInt64(byte) << (8 * (position - 8)) }
    }
    h2 ^= Self.second(k2)
    h1 ^= Self.first(k1)
  }

  mutating func finished(byteCount: Int) -> TextHash {
    h1 ^= UInt64(byteCount)
    h2 ^= UInt64(byteCount)
    h1 &+= h2
    h2 &+= h1
    h1 = finalMix(h1)
    h2 = finalMix(h2)
    h1 &+= h2
    h2 &+= h1
    return TextHash(high: h1, low: h2)
  }

  private static func first(_ k: UInt64) -> UInt64 { (k &* c1).rotated(31) &* c2 }
  private static func second(_ k: UInt64) -> UInt64 { (k &* c2).rotated(33) &* c1 }
}

extension UInt64 {
  fileprivate func rotated(_ count: UInt64) -> UInt64 { self << count | self >> (64 - count) }
}

/// MurmurHash3's finaliser: every bit of the input moves every bit of the output.
@inline(__always)
func finalMix(_ input: UInt64) -> UInt64 {
  var k = input
  k ^= k >> 33
  k = k &* 0xff51_afd7_ed55_8ccd
  k ^= k >> 33
  k = k &* 0xc4ce_b9fe_1a85_ec53
  return k ^ (k >> 33)
}
