import Basics
import Formats
import Lineage
import Model

/// Proves that a model computes the same bits wherever it runs: asks the reference and every contender the same
/// questions, and compares all answers bit for bit.
public struct Verifier: Sendable {
  private let contents: AtomeImageContents
  private let image: VerificationReport.Image

  /// How many prompts the report quotes with their continuations.
  public static let sampleCount = 8

  /// What the verifier is at.
  public enum Event: Sendable {
    /// A contender (or the reference) is about to answer.
    case started(name: String)
    /// It answered; nil for the reference.
    case finished(name: String, result: VerificationReport.Contender?)
  }

  /// - Parameter image: an ATOME01 file with Alambic's trailer.
  /// - Throws: `HintedError` when it is damaged or has no trailer.
  public init(image bytes: [UInt8], name: String) throws {
    contents = try AtomeImageFile.read(bytes, name: name)
    image = VerificationReport.Image(
      id: ContentID(of: bytes), byteCount: bytes.count, shape: contents.model.shape,
      provenance: contents.trailer?.provenance)
  }

  /// Runs the reference, then each contender in turn.
  /// - Throws: what a contender throws: a missing tool, a firmware that stopped. A difference is no error; it is in the
  ///   report.
  public func verify(
    _ vectors: VerificationVectors, contenders: [Contender], progress: @Sendable (Event) -> Void = { _ in }
  ) async throws -> VerificationReport {
    let referenceName = "the Swift reference"
    progress(.started(name: referenceName))
    var engine = try ReferenceEngine(model: contents.model, contextLength: vectors.contextLength)
    let expected = try Transcript(of: &engine, answering: vectors)
    progress(.finished(name: referenceName, result: nil))

    var results: [VerificationReport.Contender] = []
    for contender in contenders {
      progress(.started(name: contender.name))
      let result = try await compare(contender, with: expected, vectors)
      results.append(result)
      progress(.finished(name: contender.name, result: result))
    }
    return report(vectors, referenceName, expected, results)
  }

  private func compare(
    _ contender: Contender, with expected: Transcript, _ vectors: VerificationVectors
  ) async throws -> VerificationReport.Contender {
    let answer = try await contender.answer(vectors)
    let comparison = try TranscriptComparison(answer.transcript, with: expected, vectors: vectors)
    return VerificationReport.Contender(
      name: contender.name, tools: answer.tools, flags: answer.flags, firmware: answer.firmware,
      comparedLogitCount: comparison.comparedLogitCount, differingLogitCount: comparison.differingLogitCount,
      differingByteCount: comparison.differingByteCount, firstDifference: comparison.firstDifference)
  }

  private func report(
    _ vectors: VerificationVectors, _ referenceName: String, _ expected: Transcript,
    _ results: [VerificationReport.Contender]
  ) -> VerificationReport {
    let nonFiniteLogitCount = expected.nonFiniteLogitCount
    let isEqual = results.allSatisfy(\.isEqual)
    return VerificationReport(
      verdict: !isEqual ? .different : nonFiniteLogitCount > 0 ? .notFinite : .equal,
      image: image, vectors: VerificationReport.Vectors(vectors),
      reference: VerificationReport.Reference(
        name: referenceName,
        transcriptID: ContentID(of: expected.bytes(generatedByteCount: vectors.generatedByteCount)),
        nonFiniteLogitCount: nonFiniteLogitCount),
      contenders: results,
      samples: zip(vectors.prompts, expected.answers).prefix(Self.sampleCount).map {
        VerificationReport.Sample(prompt: $0, generated: $1.generated)
      })
  }
}
