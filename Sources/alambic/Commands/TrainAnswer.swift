import Basics
import Formats
import Foundation
import Lineage
import Networks
import Training
import Workbench

/// What `train --data --json` prints.
struct TrainAnswer<Shape: TrainableShape>: Encodable {
  var schema = "alambic.train/1"
  var output: String
  var checkpoint: ContentID
  var shape: Shape
  var parameterCount: Int
  var settings: TrainingSettings
  /// Absent where tokens are bytes.
  var vocabulary: VocabularySummary?
  /// Bytes of the held-out part that no token stands for.
  var unknownByteCount: Int
  var trainWindowCount: Int
  var heldOutWindowCount: Int
  /// What parts the text's documents, and how many are held out; absent where windows are.
  var documentSeparator: String?
  var documentCount: Int?
  var heldOutDocumentCount: Int?
  /// Of text, on the held-out windows, after the last step.
  var bitsPerByte: Double
  var perplexity: Double
  var history: [RunLog.Point]
  /// The step that the checkpoint is of: the last, or the best with --patience.
  var checkpointStep: Int
  /// The step that this run continued from.
  var firstStep: Int
  var seconds: Double

  init(_ run: TrainingRun<Shape>, _ result: TrainingResult, _ documents: TextDocuments?) throws {
    documentSeparator = documents?.separator.rawValue
    documentCount = documents?.documentCount
    heldOutDocumentCount = documents?.heldOutDocumentCount
    output = run.output
    checkpoint = result.checkpoint
    shape = run.shape
    parameterCount = run.shape.parameterCount
    settings = run.settings
    vocabulary = VocabularySummary(run.data.vocabulary)
    unknownByteCount = try run.data.heldOutUnknownByteCount()
    trainWindowCount = run.data.trainWindowCount
    heldOutWindowCount = run.data.heldOutWindowCount
    bitsPerByte = result.heldOutBitsPerByte
    perplexity = exp2(result.heldOutBitsPerByte)
    history = result.history
    checkpointStep = result.checkpointStep
    firstStep = result.firstStep
    seconds = result.seconds
  }
}
