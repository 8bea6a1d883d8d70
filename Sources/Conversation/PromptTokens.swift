import Basics
import Lineage
import Networks
import Vocabularies

/// A prompt as a model reads it: the tokens that are decided whatever follows, and the bytes that its end holds back.
struct PromptTokens {
  var tokens: [UInt8] = []
  /// The beginning of some longer token, or nothing.
  var held: [UInt8]
  var unknownByteCount: Int

  /// - Throws: `HintedError` for an empty prompt.
  init(_ prompt: [UInt8], _ vocabulary: Vocabulary) throws {
    try self.init(prompt, TokenEncoder(vocabulary))
  }

  /// The same with an encoder that was made already.
  /// - Parameter isHealed: false to hold back nothing: the prompt's end is then read as it stands.
  init(_ prompt: [UInt8], _ encoder: TokenEncoder, isHealed: Bool = true) throws {
    var encoder = encoder
    encoder.put(prompt, to: &tokens)
    held = encoder.pending
    unknownByteCount = encoder.unknownByteCount
    // A model has to read something before it can choose: a prompt that is held back whole is read as it stands.
    if tokens.isEmpty || !isHealed {
      encoder.finish(to: &tokens)
      held = []
    }
    guard !tokens.isEmpty else {
      throw HintedError(
        "the prompt is empty, and a model says nothing before it has read a byte", hint: "give --prompt some text",
        status: .usage)
    }
  }

  /// There is one at least.
  var last: UInt8 { tokens.last ?? Document.separatorByte }
}

extension Vocabulary {
  /// What a chosen token takes of the room for an answer: its bytes, and one where it has none, so that a model that
  /// says nothing but its unknown token ends, too. Healing says again what the prompt said.
  func roomTaken(by bytes: [UInt8], isHealing: Bool) -> Int { isHealing ? bytes.count : max(1, bytes.count) }
}

extension Healing {
  /// The likeliest of the tokens that are allowed; a tie goes to the smaller one.
  func choice(_ logits: [Float]) -> UInt8 {
    let allowed = (UInt8.min...UInt8.max).filter(allows)
    return allowed.max { logits[Int($0)] < logits[Int($1)] || logits[Int($0)] == logits[Int($1)] && $0 > $1 }
      ?? greedyByte(logits)
  }
}
