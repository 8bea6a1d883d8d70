import Networks

/// How an image packs trits into bytes; everything else is the same. Specified in docs/formats/atome.md.
public enum AtomePacking: String, CaseIterable, Sendable {
  /// ATOME01: four trits a byte, two bits each.
  case atome01
  /// ATOME02: five trits a byte, in base 3.
  case atome02

  /// The name, as the file's first bytes say it.
  public var name: String { rawValue.uppercased() }

  public var magic: [UInt8] { Array(name.utf8) }

  public var tritsPerByte: Int {
    switch self {
    case .atome01: 4
    case .atome02: 5
    }
  }

  /// The packing that a file's magic names.
  public init?(of file: [UInt8]) {
    guard let packing = Self.allCases.first(where: { file.starts(with: $0.magic) }) else { return nil }
    self = packing
  }

  /// The size of a shape's body, magic included.
  public func bodyByteCount(of shape: AtomeShape) -> Int { shape.imageByteCount(tritsPerByte: tritsPerByte) }
}

// MARK: - Bytes

extension AtomePacking {
  /// Packs up to `tritsPerByte` trits; those that lack are zero.
  func byte(of trits: ArraySlice<Int8>) -> UInt8 {
    switch self {
    case .atome01: trits.reversed().reduce(0) { $0 << 2 | UInt8(bitPattern: $1) & 3 }
    case .atome02:
      trits.reversed().reduce([0, 1, 4, 13, 40, 121][tritsPerByte - trits.count]) { $0 * 3 + UInt8($1 + 1) }
    }
  }

  /// The trits of a byte, the first first; nil where the byte stands for none.
  func trits(of byte: UInt8) -> [Int8]? {
    switch self {
    case .atome01:
      let codes = (0..<4).map { byte >> (2 * $0) & 3 }
      return codes.contains(2) ? nil : codes.map { $0 == 3 ? -1 : Int8($0) }
    case .atome02:
      guard byte <= 242 else { return nil }
      return [1, 3, 9, 27, 81].map { Int8(byte / $0 % 3) - 1 }
    }
  }
}
