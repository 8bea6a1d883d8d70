import Basics

/// `transcript.json` of a bundle: a few questions of the verification, what the reference chose, and the hash of all
/// its logits, for who recomputes them with a program of their own. Specified in docs/formats/bundle.md.
public struct PublishedTranscript: Hashable, Codable, Sendable {
  public static let currentSchema = "alambic.transcript/1"
  public static let fileName = "transcript.json"

  public var schema = currentSchema
  /// Of the file whose logits these are.
  public var image: ContentID
  /// T: positions that attention sees.
  public var contextLength: Int
  public var answers: [Answer]

  /// A prompt that was continued greedily from an empty state.
  public struct Answer: Hashable, Codable, Sendable {
    /// Tokens in hexadecimal digits, two each.
    public var prompt: String
    public var chosen: String
    /// Of all logits on the way, four bytes each.
    public var logits: ContentID

    public init(prompt: [UInt8], answer: Transcript.Answer) {
      self.prompt = prompt.hexString
      chosen = answer.generated.hexString
      logits = answer.logitsID
    }
  }

  public init(image: ContentID, contextLength: Int, answers: [Answer]) {
    (self.image, self.contextLength, self.answers) = (image, contextLength, answers)
  }

  /// - Throws: `HintedError` for JSON that is no transcript of this schema.
  public init(reading bytes: [UInt8], name: String) throws {
    let transcript = try CanonicalJSON.decode(Self.self, from: bytes, named: name)
    guard transcript.schema == Self.currentSchema else {
      throw HintedError("\(name) has the schema \(transcript.schema), this program reads \(Self.currentSchema)")
    }
    self = transcript
  }

  /// The file's bytes: sorted keys, indented.
  public var json: String {
    get throws { try CanonicalJSON.pretty(self) }
  }
}

extension Transcript.Answer {
  /// The hash of the bit patterns, little-endian, in the order of the positions.
  public var logitsID: ContentID {
    var writer = ByteWriter()
    for word in logitBits { writer.write(word) }
    return ContentID(of: writer.bytes)
  }
}
