import Basics
import Formats
import Model
import Networks
import Vocabularies

/// The vectors and the reference's answers, at every length of context that some contender asks for.
struct Questions: Sendable {
  struct Form: Sendable {
    var vectors: VerificationVectors
    var expected: Transcript
  }

  /// The vectors as they were given.
  let main: Form
  private var shorter: [Int: Form] = [:]

  init(_ vectors: VerificationVectors, for contenders: [Contender], of image: ModelImage) throws {
    main = try Self.form(vectors, of: image)
    for length in Set(contenders.compactMap(\.contextLength)).sorted() where length != vectors.contextLength {
      shorter[length] = try Self.form(try vectors.with(contextLength: length), of: image)
    }
  }

  private static func form(_ vectors: VerificationVectors, of image: ModelImage) throws -> Form {
    var engine = try image.referenceEngine(contextLength: vectors.contextLength)
    var expected = try Transcript(of: &engine, answering: vectors)
    if !vectors.texts.isEmpty {
      var coder = TokenEncoder(image.vocabulary)
      expected.textAnswers = Transcript.textAnswers(of: &coder, to: vectors)
    }
    return Form(vectors: vectors, expected: expected)
  }

  /// Asks one contender, and compares what it says bit for bit.
  func put(to contender: Contender) async throws -> VerificationReport.Contender {
    let form = contender.contextLength.flatMap { shorter[$0] } ?? main
    let answer = try await contender.answer(form.vectors)
    let comparison = try TranscriptComparison(answer.transcript, with: form.expected, vectors: form.vectors)
    return VerificationReport.Contender(
      name: contender.name, tools: answer.tools, flags: answer.flags, firmware: answer.firmware,
      contextLength: form.vectors.contextLength == main.vectors.contextLength ? nil : form.vectors.contextLength,
      comparedLogitCount: comparison.comparedLogitCount, differingLogitCount: comparison.differingLogitCount,
      differingByteCount: comparison.differingByteCount, firstDifference: comparison.firstDifference,
      texts: comparison.texts)
  }
}
