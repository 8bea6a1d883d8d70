import Crypto

/// A content id computed piece by piece, for what need not be in memory at once.
public struct ContentHasher: Sendable {
  private var function = SHA256()

  public init() {}

  public mutating func update(_ bytes: [UInt8]) { function.update(data: bytes) }

  /// The id of all bytes so far; more may follow.
  public var id: ContentID { ContentID(hexDigits: function.finalize().hexString) }
}

/// The id of a list of ids in canonical JSON, computed one by one.
public struct ContentIDListHasher: Sendable {
  private var hasher = ContentHasher()
  private var isEmpty = true

  public init() {}

  public mutating func append(_ id: ContentID) {
    hasher.update(Array((isEmpty ? "[\"" : ",\"").utf8) + Array("\(id)\"".utf8))
    isEmpty = false
  }

  /// The id of all so far, as `ContentID(ofCanonical:)` gives it; more may follow.
  public var id: ContentID {
    var whole = hasher
    whole.update(Array((isEmpty ? "[]" : "]").utf8))
    return whole.id
  }
}
