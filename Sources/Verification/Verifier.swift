import Basics
import Formats
import Lineage
import Model

/// Proves that a model computes the same bits wherever it runs: asks the reference and every contender the same
/// questions, and compares all answers bit for bit.
public struct Verifier: Sendable {
  private let contents: ModelImage
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

  /// - Parameter image: an image that says its shape: an integer one, or a float one with Alambic's trailer.
  /// - Throws: `HintedError` when it is damaged or has no trailer.
  public init(image bytes: [UInt8], name: String) throws {
    contents = try ModelImage(reading: bytes, name: name)
    image = VerificationReport.Image(
      id: ContentID(of: bytes), byteCount: bytes.count, shape: contents.shape,
      provenance: contents.provenance)
  }

  /// Runs the reference, then the contenders.
  /// - Parameters:
  ///   - parallelCount: how many contenders run at the same time.
  ///   - progress: called from one task, in the order of events.
  /// - Throws: what a contender throws: a missing tool, a firmware that stopped. A difference is no error; it is in the
  ///   report.
  public func verify(
    _ vectors: VerificationVectors, contenders: [Contender], parallelCount: Int = 1,
    progress: @Sendable (Event) -> Void = { _ in }
  ) async throws -> VerificationReport {
    let referenceName = "the Swift reference"
    progress(.started(name: referenceName))
    let questions = try Questions(vectors, for: contenders, of: contents)
    progress(.finished(name: referenceName, result: nil))
    let results = try await compare(contenders, with: questions, parallelCount: parallelCount, progress: progress)
    return report(vectors, referenceName, questions.main.expected, results)
  }

  /// Starts the next contender whenever one has answered; the results stand in the contenders' order.
  private func compare(
    _ contenders: [Contender], with questions: Questions, parallelCount: Int, progress: @Sendable (Event) -> Void
  ) async throws -> [VerificationReport.Contender] {
    typealias Result = (index: Int, contender: VerificationReport.Contender)
    var results: [VerificationReport.Contender?] = contenders.map { _ in nil }
    try await withThrowingTaskGroup(of: Result.self) { group in
      var waiting = contenders.enumerated().makeIterator()
      func startNext() {
        guard let (index, contender) = waiting.next() else { return }
        progress(.started(name: contender.name))
        group.addTask { (index, try await questions.put(to: contender)) }
      }
      for _ in 0..<max(1, parallelCount) { startNext() }
      while let (index, result) = try await group.next() {
        results[index] = result
        progress(.finished(name: result.name, result: result))
        startNext()
      }
    }
    return results.compactMap(\.self)
  }

  /// What tokens stand for.
  private func text(_ tokens: [UInt8]) -> [UInt8] { tokens.flatMap { contents.vocabulary.tokens[Int($0)] } }

  private func report(
    _ vectors: VerificationVectors, _ referenceName: String, _ expected: Transcript,
    _ results: [VerificationReport.Contender]
  ) -> VerificationReport {
    let nonFiniteLogitCount = contents.isInteger ? 0 : expected.nonFiniteLogitCount
    let isEqual = results.allSatisfy(\.isEqual)
    return VerificationReport(
      verdict: !isEqual ? .different : nonFiniteLogitCount > 0 ? .notFinite : .equal,
      image: image, vectors: VerificationReport.Vectors(vectors),
      reference: VerificationReport.Reference(
        name: referenceName,
        transcriptID: ContentID(of: expected.bytes(answering: vectors)),
        nonFiniteLogitCount: nonFiniteLogitCount),
      contenders: results,
      samples: zip(vectors.prompts, expected.answers).prefix(Self.sampleCount).map {
        VerificationReport.Sample(prompt: text($0), generated: text($1.generated))
      })
  }
}
