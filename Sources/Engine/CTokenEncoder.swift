import Basics
import CAtomeEngine
import Networks

/// The C99 encoder that is flashed, compiled for this machine: the Swift encoder's tokens, after every byte.
///
/// A class, since the C encoder points into memory that must not be copied.
public final class CTokenEncoder: TextCoder {
  private var encoder = atome_encoder()
  /// What `encoder` points to, and what that points into.
  private let vocabulary: UnsafeMutablePointer<atome_vocabulary>
  private let bytes: CMemory

  /// - Parameter image: a file of any kind, copied; one with a trailer, if it is a float one.
  /// - Throws: `HintedError` for an image that is truncated or corrupt.
  public convenience init(image: [UInt8]) throws {
    try self.init(copying: image) { start, byteCount, vocabulary in
      if atome_integer_claims(start, byteCount) != 0 {
        var opened = atome_integer_image()
        try CEngine.check(atome_integer_open(&opened, start, byteCount))
        try CEngine.check(atome_vocabulary_open(vocabulary, opened.vocabulary, opened.vocabulary_size))
      } else if atome_compact_claims(start, byteCount) != 0 {
        var opened = atome_compact_image()
        try CEngine.check(atome_compact_open(&opened, start, byteCount))
        try CEngine.check(atome_vocabulary_open(vocabulary, opened.vocabulary, opened.vocabulary_size))
      } else {
        var opened = atome_image()
        try CEngine.check(atome_image_open(&opened, start, byteCount, nil))
        try CEngine.check(atome_vocabulary_open(vocabulary, opened.vocabulary, opened.vocabulary_size))
      }
    }
  }

  /// - Parameter section: a vocabulary's, copied; none where tokens are bytes.
  /// - Throws: `HintedError` for a damaged section.
  public convenience init(section: [UInt8]) throws {
    try self.init(copying: section) { start, byteCount, vocabulary in
      try CEngine.check(atome_vocabulary_open(vocabulary, byteCount == 0 ? nil : start, byteCount))
    }
  }

  private init(
    copying file: [UInt8],
    open: (UnsafePointer<UInt8>, Int, UnsafeMutablePointer<atome_vocabulary>) throws -> Void
  ) throws {
    bytes = try CMemory(copying: file)
    vocabulary = .allocate(capacity: 1)
    vocabulary.initialize(to: atome_vocabulary())
    try open(UnsafePointer(bytes.start.assumingMemoryBound(to: UInt8.self)), bytes.byteCount, vocabulary)
    begin()
  }

  deinit { vocabulary.deallocate() }

  public func begin() { atome_encoder_begin(&encoder, vocabulary) }

  public func put(_ byte: UInt8, to tokens: inout [UInt8]) {
    atome_encoder_put(&encoder, byte)
    takeDecided(&tokens)
  }

  public func finish(to tokens: inout [UInt8]) {
    atome_encoder_finish(&encoder)
    takeDecided(&tokens)
  }

  private func takeDecided(_ tokens: inout [UInt8]) {
    var token: UInt8 = 0
    while atome_encoder_next(&encoder, &token) != 0 { tokens.append(token) }
  }

  public func text(of token: UInt8) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Int(ATOME_TOKEN_BYTES)) { text, count in
      guard let start = text.baseAddress else { return }
      count = Int(atome_token_bytes(vocabulary, token, start))
    }
  }
}
