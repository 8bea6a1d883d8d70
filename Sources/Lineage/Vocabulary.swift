import Basics

/// The 256 tokens that a student reads and writes, each a text of one or more bytes.
///
/// The identity vocabulary has the bytes themselves: what a foreign image means. A learned one leaves the byte values
/// that its corpus uses as they are, and gives the others to frequent strings; one of them stands for every byte that
/// the vocabulary lacks. Specified in docs/formats/vocabulary.md.
public struct Vocabulary: Hashable, Sendable {
  /// V.
  public static let tokenCount = 256
  /// Bytes of the longest token: what an encoder has to remember.
  public static let longestTokenByteCount = 16

  /// Bytes of all strings, and one for each and for the unknown token: what is left of a section of 1,024 bytes beside
  /// its header of 48 and its checksum of 4.
  public static let entryByteLimit = 972

  /// Bytes that separate documents, lines and fields: always tokens of their own, and in no string.
  public static let alwaysBytes: Set<UInt8> = [0, UInt8(ascii: "\n")]

  /// Every byte value is a token, and no other text is.
  public static let bytes = Vocabulary(uncheckedTokens: (0..<tokenCount).map { [UInt8($0)] }, unknownToken: nil)

  /// By token; the unknown token's is empty.
  public let tokens: [[UInt8]]
  /// Stands for each byte that no token begins with; nil where every byte value is a token.
  public let unknownToken: UInt8?

  /// - Parameters:
  ///   - strings: texts of 2 to `longestTokenByteCount` bytes, by token; every other token but the unknown one is the
  ///     byte of its number.
  ///   - unknownToken: none of the strings' tokens.
  /// - Throws: `HintedError` for tokens that contradict each other.
  public init(strings: [UInt8: [UInt8]], unknownToken: UInt8?) throws {
    var tokens = Self.bytes.tokens
    for (token, text) in strings { tokens[Int(token)] = text }
    if let unknownToken { tokens[Int(unknownToken)] = [] }
    self.init(uncheckedTokens: tokens, unknownToken: unknownToken)
    if let token = unknownToken, strings[token] != nil { throw Self.error("token \(token) is unknown and a string") }
    try check()
  }

  private init(uncheckedTokens: [[UInt8]], unknownToken: UInt8?) {
    tokens = uncheckedTokens
    self.unknownToken = unknownToken
  }

  /// Whether tokens are bytes.
  public var isIdentity: Bool { self == .bytes }

  /// How many bytes of a text each token stands for: 256 numbers. The unknown token stands for one.
  public var tokenByteCounts: [Int] { tokens.map { max(1, $0.count) } }

  /// Whether a token is the byte of its number.
  public func isByte(_ token: UInt8) -> Bool { tokens[Int(token)] == [token] }

  /// The tokens that are strings, in ascending order.
  public var stringTokens: [UInt8] { (UInt8.min...UInt8.max).filter { tokens[Int($0)].count > 1 } }
}

// MARK: - Invariants

extension Vocabulary {
  /// Strings ascend with their tokens, so that no two are equal; each can be reached; and where a byte value is
  /// lacking, some token says so.
  private func check() throws {
    var last: [UInt8] = []
    for token in stringTokens {
      let text = tokens[Int(token)]
      guard text.count <= Self.longestTokenByteCount else {
        throw Self.error("token \(token) has \(text.count) bytes, more than \(Self.longestTokenByteCount)")
      }
      guard last.lexicographicallyPrecedes(text) else {
        throw Self.error("token \(token) repeats the string before it, or should stand before it")
      }
      last = text
    }
    for token in UInt8.min...UInt8.max where !isByte(token) && token != unknownToken {
      guard tokens[Int(token)].count > 1 else {
        throw Self.error("token \(token) is not a string of two bytes or more")
      }
    }
    let entryByteCount = 1 + stringTokens.reduce(0) { $0 + tokens[Int($1)].count + 1 }
    guard entryByteCount <= Self.entryByteLimit else {
      throw Self.error("its strings take \(entryByteCount) bytes, more than \(Self.entryByteLimit)")
    }
    if let token = unknownToken, stringTokens.isEmpty {
      throw Self.error("token \(token) is unknown, and none is a string")
    }
    if unknownToken == nil, !stringTokens.isEmpty { throw Self.error("bytes are lacking, and no token says so") }
    for byte in Self.alwaysBytes.sorted() where !isByte(byte) { throw Self.error("the byte \(byte) is not a token") }
    let lacking = Set((UInt8.min...UInt8.max).filter { !isByte($0) })
    for token in stringTokens {
      let text = tokens[Int(token)]
      if text.contains(where: lacking.contains) {
        throw Self.error("token \(token) holds a byte that the vocabulary lacks")
      }
      if text.contains(where: Self.barriers.contains) { throw Self.error("token \(token) holds NUL or a line end") }
    }
  }

  /// Bytes that no string holds.
  private static let barriers: Set<UInt8> = alwaysBytes.union([UInt8(ascii: "\r")])

  private static func error(_ what: String) -> HintedError {
    HintedError("the vocabulary contradicts itself: \(what)", hint: "learn it again: train the student again")
  }
}
