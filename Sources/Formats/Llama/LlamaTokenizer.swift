import Basics

/// The tokens of a llama2.c model: byte-pair encoding with scores, as its run.c does it.
public struct LlamaTokenizer: Sendable {
  /// Starts every sequence.
  public static let start = 1
  /// What a model says when its text has ended: that another starts, or that none does.
  public static let ends = 1...2
  /// The tokens of single bytes follow `<unk>`, `<s>` and `</s>`.
  static let firstByteToken = 3

  public let pieces: [[UInt8]]
  let scores: [Float]
  let ids: [[UInt8]: Int]
  /// The token of a lone space.
  let space: Int

  /// Reads a file's bytes.
  /// - Parameters:
  ///   - bytes: the file's.
  ///   - count: the model's vocabulary; the file does not say its own.
  ///   - name: for messages: the file's path.
  /// - Throws: `HintedError` for a truncated file, one that goes on, or one without the tokens that encoding needs.
  public init(decoding bytes: [UInt8], count: Int, name: String) throws {
    var reader = ByteReader(bytes, name: name)
    let longest = Int(try reader.read(Int32.self, "longest token"))
    var pieces: [[UInt8]] = []
    var scores: [Float] = []
    for index in 0..<count {
      let score = try reader.readFloat("score of token \(index)")
      let length = Int(try reader.read(Int32.self, "length of token \(index)"))
      guard (0...max(longest, 6)).contains(length), score.isFinite else {
        throw HintedError(
          "\(name): token \(index) has \(length) bytes and score \(score); the longest has \(longest)",
          hint: "the tokenizer is damaged, or of another model")
      }
      scores.append(score)
      pieces.append(Array(try reader.take(length, for: "token \(index)")))
    }
    guard reader.remainingCount == 0 else {
      throw HintedError(
        "\(name): \(reader.remainingCount) bytes follow token \(count - 1), the model's last",
        hint: "the tokenizer is of a model with more tokens")
    }
    let ids = Dictionary(zip(pieces, 0...), uniquingKeysWith: { first, _ in first })
    guard let space = ids[[UInt8(ascii: " ")]], count >= Self.firstByteToken + 256 else {
      throw HintedError("\(name): it lacks a token for a space, or for each byte", hint: "it is damaged")
    }
    self.pieces = pieces
    self.scores = scores
    self.ids = ids
    self.space = space
  }

  /// The bytes that a token stands for, with the space that it may begin with.
  public func bytes(of token: Int) -> [UInt8] {
    (Self.firstByteToken..<Self.firstByteToken + 256).contains(token)
      ? [UInt8(token - Self.firstByteToken)] : pieces[token]
  }

  /// The bytes that tokens stand for. The space that encoding puts in front is left out.
  public func text(of tokens: [Int]) -> [UInt8] {
    let bytes = tokens.flatMap(bytes)
    return bytes.first == UInt8(ascii: " ") ? Array(bytes.dropFirst()) : bytes
  }
}

// MARK: - Encoding

extension LlamaTokenizer {
  /// A text's tokens, without the one that starts a sequence: a space, then one token a character, or one a byte for
  /// characters that are no token; then the pair whose token has the highest score is merged, the first of equals,
  /// until none is left.
  public func encode(_ text: some Collection<UInt8>) -> [Int] {
    guard !text.isEmpty else { return [] }
    return merged([space] + characters(of: Array(text)).flatMap(tokens))
  }

  /// As run.c reads UTF-8: a character is a byte and up to three continuation bytes after it.
  private func characters(of text: [UInt8]) -> [[UInt8]] {
    var characters: [[UInt8]] = []
    for byte in text {
      if byte & 0xC0 == 0x80, let last = characters.indices.last, characters[last].count < 4 {
        characters[last].append(byte)
      } else {
        characters.append([byte])
      }
    }
    return characters
  }

  private func tokens(_ character: [UInt8]) -> [Int] {
    ids[character].map { [$0] } ?? character.map { Int($0) + Self.firstByteToken }
  }

  /// A linked list of tokens, and a heap of the pairs that could merge.
  private func merged(_ tokens: [Int]) -> [Int] {
    var list = TokenList(tokens)
    var heap = PairHeap()
    func offer(_ left: Int) {
      guard let right = list.next(left), let token = ids[pieces[list.token(left)] + pieces[list.token(right)]] else {
        return
      }
      heap.insert(
        PairHeap.Pair(
          score: scores[token], left: left, leftToken: list.token(left), rightToken: list.token(right),
          merged: token))
    }
    for index in tokens.indices { offer(index) }
    while let pair = heap.removeBest() {
      // A pair that has changed since it was offered is stale; what it became was offered in its turn.
      guard list.isAlive(pair.left), list.token(pair.left) == pair.leftToken, let right = list.next(pair.left),
        list.token(right) == pair.rightToken
      else { continue }
      list.merge(pair.left, into: pair.merged)
      offer(pair.left)
      if let previous = list.previous(pair.left) { offer(previous) }
    }
    return list.tokens
  }
}
