import ArgumentParser
import Basics
import Lineage
import Workbench

/// The argument of every command that works on a corpus.
struct CorpusArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp("A corpus: the name of a folder in Corpora/.", valueName: "corpus"),
    completion: .custom { _, _, _ in (try? CorpusFolder.names(in: ProjectFolders.locate())) ?? [] })
  var corpus: String
}

/// A receipt as a program reads it.
struct ReceiptAnswer: Encodable {
  var schema: String
  var corpus: String?
  var stage: StageName
  var summary: String
  var inputs: [Artifact]
  var outputs: [Artifact]
  var figures: [String: Double]
  var durationSeconds: Double
  var cost: Double

  init(_ receipt: Receipt) {
    schema = "alambic.\(receipt.stage.rawValue)/1"
    corpus = receipt.corpus
    stage = receipt.stage
    summary = receipt.summary
    inputs = receipt.inputs
    outputs = receipt.outputs
    figures = receipt.figures
    durationSeconds = receipt.durationSeconds
    cost = receipt.cost
  }
}

extension CommonOptions {
  /// Runs one step of a corpus's pipeline and shows its receipt.
  func run(
    _ stage: StageName, of corpus: String, options: Pipeline.Options = Pipeline.Options()
  ) async throws {
    let renderer = EventRenderer(self)
    let pipeline = try Workbench(workspace: place).pipeline(corpus, options: options) { renderer.show($0) }
    let receipt = try await pipeline.run(only: stage)
    if json { try Output.json(ReceiptAnswer(receipt)) }
  }
}
