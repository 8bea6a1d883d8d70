import Basics
import Lineage
import Networks

/// What a verification found: who computed the model, on what, and whether every bit was the same.
///
/// It holds no times and no machine paths: the same tools and the same image give the same report.
/// Specified in docs/formats/report.md.
public struct VerificationReport: Hashable, Codable, Sendable {
  public static let currentSchema = "alambic.verify/1"

  public enum Verdict: String, Codable, Sendable {
    /// Every contender gave the reference's bits, and all of them are finite numbers.
    case equal
    case different
    /// The bits agree, but some logits are infinite or not numbers.
    case notFinite = "not-finite"
  }

  public var schema = currentSchema
  public var alambicVersion = AlambicVersion.current
  public var verdict: Verdict
  public var image: Image
  public var vectors: Vectors
  public var reference: Reference
  /// In the order in which they ran.
  public var contenders: [Contender]
  /// What the model says to the first prompts.
  public var samples: [Sample]

  public init(
    verdict: Verdict, image: Image, vectors: Vectors, reference: Reference, contenders: [Contender], samples: [Sample]
  ) {
    self.verdict = verdict
    self.image = image
    self.vectors = vectors
    self.reference = reference
    self.contenders = contenders
    self.samples = samples
  }

  /// Logits that were compared, of all contenders together.
  public var comparedLogitCount: Int { contenders.reduce(0) { $0 + $1.comparedLogitCount } }
  /// Logits whose bits differ, of all contenders together.
  public var differingLogitCount: Int { contenders.reduce(0) { $0 + $1.differingLogitCount } }
}

// MARK: - Parts

extension VerificationReport {
  /// The model that was verified.
  public struct Image: Hashable, Codable, Sendable {
    /// Of the file with its trailer.
    public var id: ContentID
    public var byteCount: Int
    public var shape: ImageShape
    /// What the model was made from, as the trailer says.
    public var provenance: ContentID?

    public init(id: ContentID, byteCount: Int, shape: ImageShape, provenance: ContentID?) {
      self.id = id
      self.byteCount = byteCount
      self.shape = shape
      self.provenance = provenance
    }
  }

  /// The question that every contender answered.
  public struct Vectors: Hashable, Codable, Sendable {
    /// Of the vectors file.
    public var id: ContentID
    public var promptCount: Int
    public var generatedByteCount: Int
    public var contextLength: Int
    /// Logits of one transcript.
    public var logitCount: Int
    /// How many of the prompts, the last ones, are sampled; the others are greedy.
    public var sampledPromptCount: Int?
    /// How they are; nil where none is.
    public var sampling: Sampling?
    /// Texts that every contender encodes and decodes, and their bytes; nil where the image's tokens are bytes.
    public var textCount: Int?
    public var textByteCount: Int?

    public init(_ vectors: VerificationVectors) {
      id = ContentID(of: vectors.bytes)
      promptCount = vectors.prompts.count
      generatedByteCount = vectors.generatedByteCount
      contextLength = vectors.contextLength
      logitCount = vectors.logitCount
      sampling = vectors.sampling
      sampledPromptCount = vectors.sampling.map { _ in vectors.prompts.count - vectors.greedyPromptCount }
      textCount = vectors.texts.isEmpty ? nil : vectors.texts.count
      textByteCount = vectors.texts.isEmpty ? nil : vectors.textByteCount
    }
  }

  /// The oracle.
  public struct Reference: Hashable, Codable, Sendable {
    public var name: String
    /// Of its transcript file.
    public var transcriptID: ContentID
    public var nonFiniteLogitCount: Int

    public init(name: String, transcriptID: ContentID, nonFiniteLogitCount: Int) {
      self.name = name
      self.transcriptID = transcriptID
      self.nonFiniteLogitCount = nonFiniteLogitCount
    }
  }

  /// One engine, as one compiler built it, on one machine or core.
  public struct Contender: Hashable, Codable, Sendable {
    public var name: String
    /// The compiler's and the emulator's versions.
    public var tools: [String]
    /// What the compiler was told.
    public var flags: String
    /// For firmware: what it takes of the board, image included.
    public var firmware: Firmware?
    /// Its window, where the board has no room for the vectors' own; the reference was asked with the same.
    public var contextLength: Int?
    public var comparedLogitCount: Int
    public var differingLogitCount: Int
    public var differingByteCount: Int
    public var firstDifference: Difference?
    /// Nil where the vectors have no texts.
    public var texts: TextComparison?

    public init(
      name: String, tools: [String], flags: String, firmware: Firmware?, contextLength: Int? = nil,
      comparedLogitCount: Int, differingLogitCount: Int, differingByteCount: Int, firstDifference: Difference?,
      texts: TextComparison? = nil
    ) {
      self.name = name
      self.tools = tools
      self.flags = flags
      self.firmware = firmware
      self.contextLength = contextLength
      self.comparedLogitCount = comparedLogitCount
      self.differingLogitCount = differingLogitCount
      self.differingByteCount = differingByteCount
      self.firstDifference = firstDifference
      self.texts = texts
    }

    public var isEqual: Bool { differingLogitCount == 0 && differingByteCount == 0 && texts?.isEqual ?? true }
  }

  public struct Firmware: Hashable, Codable, Sendable {
    public var board: String
    public var flashByteCount: Int
    public var ramByteCount: Int

    public init(board: String, flashByteCount: Int, ramByteCount: Int) {
      self.board = board
      self.flashByteCount = flashByteCount
      self.ramByteCount = ramByteCount
    }
  }

  /// The first place, in the order of prompts and positions, where a contender departs from the reference.
  public struct Difference: Hashable, Codable, Sendable {
    public enum Quantity: String, Codable, Sendable {
      case logit
      /// The logits agree, but another byte was chosen.
      case choice
    }

    public var quantity: Quantity
    /// From 0.
    public var promptIndex: Int
    /// How many bytes were read before the one at hand.
    public var position: Int
    /// The byte value that the logit belongs to; for a choice, the byte that was expected.
    public var byte: UInt8
    /// Bit patterns in eight hexadecimal digits; for a choice, the bytes in two.
    public var expected: String
    public var found: String

    public init(
      quantity: Quantity, promptIndex: Int, position: Int, byte: UInt8, expected: String, found: String
    ) {
      self.quantity = quantity
      self.promptIndex = promptIndex
      self.position = position
      self.byte = byte
      self.expected = expected
      self.found = found
    }
  }

  /// A prompt and its continuation. Texts replace invalid UTF-8; the hexadecimal fields are exact.
  public struct Sample: Hashable, Codable, Sendable {
    public var prompt: String
    public var promptHex: String
    public var generated: String
    public var generatedHex: String

    public init(prompt: [UInt8], generated: [UInt8]) {
      self.prompt = String(decoding: prompt, as: UTF8.self)
      promptHex = prompt.hexString
      self.generated = String(decoding: generated, as: UTF8.self)
      generatedHex = generated.hexString
    }
  }
}

// MARK: - JSON

extension VerificationReport {
  /// The file's bytes: sorted keys, indented.
  public var json: String {
    get throws { try CanonicalJSON.pretty(self) }
  }

  /// - Throws: `HintedError` for JSON that is no report of this schema.
  public init(reading bytes: [UInt8], name: String) throws {
    let report = try CanonicalJSON.decode(VerificationReport.self, from: bytes, named: name)
    guard report.schema == Self.currentSchema else {
      throw HintedError(
        "\(name) has the schema \(report.schema), this program reads \(Self.currentSchema)",
        hint: "verify the image again")
    }
    self = report
  }
}
