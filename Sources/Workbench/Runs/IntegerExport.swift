import Basics
import Conversation
import Export
import Formats
import Foundation
import Lineage
import Model
import Networks
import Sharding
import Vocabularies

/// One export to an all-integer format: a checkpoint or a float image, and text to choose units by. A plain GPT's
/// checkpoint becomes a GPTINT01 image.
public struct IntegerExport: Sendable {
  public var source: String
  /// Of a float blob that does not say its own.
  public var shape: AtomeShape?
  public var output: String
  /// Nil for the format's own, int16 where it has keys and values.
  public var cache: CacheWidth?
  /// Held-out text of the domain; nil for what the student writes itself.
  public var text: [UInt8]?

  public init(source: String, shape: AtomeShape? = nil, output: String, cache: CacheWidth?, text: [UInt8]?) {
    self.source = source
    self.shape = shape
    self.output = output
    self.cache = cache
    self.text = text
  }

  /// The image, and what going without floats costs on the text.
  public struct Outcome: Sendable {
    public var image: [UInt8]
    public var float: Evaluation
    public var integer: Evaluation

    /// How many bits per byte worse than float.
    public var cost: Double { integer.bitsPerByte - float.bitsPerByte }
  }

  /// Tokens of the text that the cost is measured on, at most.
  public static let measuredByteCount = 32_768
  /// Of a model that does not say what it was trained on.
  static let window = 64

  /// How much a student writes where there is no text, about.
  public static var ownByteCount: Int { OwnText.byteCount }

  /// - Throws: `HintedError` for a damaged source, a text of less than two bytes, or a model without an integer form.
  public func run() async throws -> Outcome {
    let file = try ModelFile(reading: source, shape: shape)
    if case .checkpoint(let checkpoint as TrainingCheckpoint<CompactShape>) = file.content {
      return try await run(checkpoint, file)
    }
    if case .checkpoint(let stored) = file.content, let gpt = stored as? GPTCheckpoint {
      return try await run(gpt, file)
    }
    let (model, vocabulary, context) = try floatModel(file)
    let window = context ?? Self.window
    let tokens = vocabulary.encode(try await textToRead(by: file, window: window))
    let calibration = try Calibration(of: model, on: tokens, window: window)
    let integer = try IntegerQuantiser(model, calibration: calibration, cache: cache ?? .int16).quantised()
    let image = IntegerImageFile.write(
      integer, vocabulary: vocabulary, trainedContext: context, provenance: file.id)
    return try await outcome(of: image, tokens, vocabulary, window: window) {
      try ReferenceEngine(model: model, contextLength: window)
    }
  }

  /// A compact student has this form alone. Its units are chosen in windows as it was trained.
  private func run(_ checkpoint: TrainingCheckpoint<CompactShape>, _ file: ModelFile) async throws -> Outcome {
    guard shape == nil, cache == nil else {
      throw HintedError(
        "\(source) is a compact student, which says its own shape and remembers no keys",
        hint: "leave --shape, --preset and --cache out", status: .usage)
    }
    let window = checkpoint.settings.windowTokenCount
    let tokens = checkpoint.vocabulary.encode(try await textToRead(by: file, window: window))
    let image = try CompactPacker().pack(
      checkpoint, checkpointID: file.id,
      calibratedOn: CompactCalibration.windows(of: tokens, length: window))
    return try await outcome(of: image, tokens, checkpoint.vocabulary, window: window) {
      try CompactEngine(shape: checkpoint.shape, parameters: checkpoint.parameters, contextLength: window)
    }
  }

  /// Measures both forms, and leaves the image.
  private func outcome(
    of image: [UInt8], _ tokens: [UInt8], _ vocabulary: Vocabulary, window: Int,
    float: @escaping @Sendable () throws -> any LogitSource
  ) async throws -> Outcome {
    let measured = Array(tokens.prefix(Self.measuredByteCount))
    let integer = try ModelImage(reading: image, name: "the integer image of \(source)")
    let outcome = Outcome(
      image: image,
      float: try await BitsPerByte.evaluate(
        tokens: measured, byteCounts: vocabulary.tokenByteCounts, window: window, makeEngine: float),
      integer: try await BitsPerByte.evaluate(
        tokens: measured, byteCounts: vocabulary.tokenByteCounts, window: window
      ) {
        try integer.referenceEngine(contextLength: window)
      })
    try AtomicFile.write(image, to: output)
    return outcome
  }

  /// A plain GPT, in as many bits as it was trained in, or in 8.
  private func run(_ checkpoint: GPTCheckpoint, _ file: ModelFile) async throws -> Outcome {
    let vocabulary = checkpoint.vocabulary
    let positions = GPTQuantiser.positionCount(of: checkpoint)
    let tokens = vocabulary.encode(try await textToRead(by: file, window: positions))
    let calibration = try GPTCalibration(
      of: checkpoint.shape, weights: checkpoint.weights, on: tokens, window: positions)
    let model = try GPTQuantiser(
      checkpoint, width: checkpoint.settings.weights == nil ? .eight : .four, calibration: calibration
    ).quantised()
    let image = GPTImageFile.write(model, vocabulary: vocabulary, source: file.id)
    let measured = Array(tokens.prefix(Self.measuredByteCount))
    let outcome = Outcome(
      image: image,
      float: try await BitsPerByte.evaluate(
        tokens: measured, byteCounts: vocabulary.tokenByteCounts, window: positions + 1
      ) {
        try GPTEngine(shape: checkpoint.shape, parameters: checkpoint.weights, contextLength: positions)
      },
      integer: try await BitsPerByte.evaluate(
        tokens: measured, byteCounts: vocabulary.tokenByteCounts, window: positions + 1
      ) {
        GPTIntegerEngine(model: model)
      })
    try AtomicFile.write(image, to: output)
    return outcome
  }

  private func textToRead(by file: ModelFile, window: Int) async throws -> [UInt8] {
    if let text { return text }
    return try await OwnText(model: file.runnable(), window: window).bytes()
  }

  private func floatModel(_ file: ModelFile) throws -> (AtomeModel, Vocabulary, context: Int?) {
    switch file.content {
    case .checkpoint(let any):
      let checkpoint = try any.exportable(name: source)
      try AtomePacker().check(checkpoint)
      return (checkpoint.model, checkpoint.vocabulary, checkpoint.settings.windowTokenCount)
    case .image(.float(let contents)):
      return (contents.model, contents.vocabulary, contents.trainedContext)
    case .image(.integer), .image(.compact), .llama:
      throw HintedError(
        "\(source) is an integer image already", hint: "give the checkpoint or the float image", status: .usage)
    }
  }
}

extension Workspace {
  /// A file's bytes, or the held-out documents of a folder of shards or of a corpus, as training reads them.
  /// - Throws: `HintedError` where no file, folder or curated corpus has that name.
  public func text(named name: String) throws -> [UInt8] {
    let manager = FileManager.default
    if manager.fileExists(atPath: "\(name)/\(ShardIndex.fileName)") {
      return try ShardReader(folder: name).content(of: .heldOut)
    }
    guard !manager.fileExists(atPath: name), manager.fileExists(atPath: documentsFile(name)) else {
      return try PlainTextFile.read(name)
    }
    return try CorpusFolder.heldOutText(of: name, in: self)
  }
}

extension CorpusFolder {
  /// The text of a corpus's held-out documents, as training reads it.
  public static func heldOutText(of corpus: String, in workspace: Workspace) throws -> [UInt8] {
    let documents = try RecordFile.read(Document.self, workspace.documentsFile(corpus))
    return documents.filter { $0.split == .heldOut }
      .flatMap { Array($0.text.utf8) + [Document.separatorByte] }
  }
}
