import Crypto

/// A content id computed piece by piece, for what need not be in memory at once.
public struct ContentHasher: Sendable {
  private var function = SHA256()

  public init() {}

  public mutating func update(_ bytes: [UInt8]) { function.update(data: bytes) }

  /// The id of all bytes so far; more may follow.
  public var id: ContentID { ContentID(hexDigits: function.finalize().hexString) }
}
