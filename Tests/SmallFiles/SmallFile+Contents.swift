import Basics
import Formats
import Lineage
import Networks
import TestSupport

// MARK: - Contents

extension SmallFile {
  static let shape = AtomeShape(modelWidth: 1, layerCount: 1, headWidth: 1, topK: 1, kernelSize: 1)

  static func image(_ packing: AtomePacking, _ vocabulary: Vocabulary = .bytes) -> [UInt8] {
    AtomeImageFile.write(
      RandomModel.make(seed: 1, shape: shape), packing: packing, vocabulary: vocabulary, provenance: ContentID(of: "x"))
  }

  static func integerImage(_ vocabulary: Vocabulary = .bytes) -> [UInt8] {
    IntegerImageFile.write(
      RandomModel.makeInteger(seed: 1, shape: RandomModel.small, cache: .int8), vocabulary: vocabulary,
      provenance: ContentID(of: "x"))
  }

  static func compactImage(_ vocabulary: Vocabulary = .bytes) -> [UInt8] {
    CompactImageFile.write(
      RandomModel.makeCompact(seed: 1, shape: RandomModel.smallCompact), vocabulary: vocabulary,
      head: vocabulary.isIdentity ? nil : head, provenance: ContentID(of: "x"))
  }

  private static let head = LabelHead(
    labels: [.init(name: "play", token: 1), .init(name: "é", token: 2)], none: 3, threshold: 0.5)

  static var words: Vocabulary {
    get throws { try Vocabulary(strings: [0x80: Array(" kit".utf8), 0x81: Array("ab".utf8)], unknownToken: 0xFF) }
  }

  static var smallScore: Score {
    let right = Proportion(rightCount: 1, count: 2)
    let result = Score.SetResult(set: .heldOut, right: right, labels: [Score.Group(name: "set", right: right)])
    let answer = Score.Answer(set: .heldOut, request: "> a\n", reply: "< b", expected: "< c", reason: .wrongKind)
    return Score(
      image: ContentID(of: "i"), vocabulary: ContentID(of: "v"), engine: "C engine", judge: .exact, sets: [result],
      baselines: [Score.Baseline(name: "nearest request", sets: [result])], samples: [answer], wrongAnswers: [answer],
      emulated: Score.Emulated(
        core: "cortex-m3", askedCount: 2, differingCount: 1,
        firstDifference: Score.Difference(request: "> a\n", expected: "< b", found: "< d")))
  }

  static let gptShape = GPTShape(
    modelWidth: 2, layerCount: 1, headCount: 2, feedForwardWidth: 1, contextLength: 8)

  static func smallCheckpoint<Shape: StoredShape>(
    _ shape: Shape, _ vocabulary: Vocabulary = .bytes
  ) -> TrainingCheckpoint<Shape> {
    let zeros = [Float](repeating: 0, count: Shape.Layout(shape).count)
    return TrainingCheckpoint(
      shape: shape,
      settings: TrainingSettings(
        recipe: "test", stepCount: 2, batchCount: 1, windowTokenCount: 8, seed: 0, initialScale: 1, learningRate: 0.01,
        warmUpStepCount: 0, schedule: .constant, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, muon: nil,
        scales: .learned, clipNorm: nil, evaluationInterval: 1),
      vocabulary: vocabulary, dataID: ContentID(of: "data"), step: 1, generator: SeededGenerator(seed: 1),
      parameters: zeros, firstMoment: zeros, secondMoment: zeros)
  }

  /// Width 2, one layer, one head, three tokens, two positions; all numbers are 0.
  static var smallLlama: [UInt8] {
    let header: [Int32] = [2, 1, 1, 1, 1, 3, 2]
    let floatCount = 3 * 2 + 2 + 4 * 4 + 2 + 3 * 2 + 2 + 2 * 2
    return header.flatMap { word(UInt32(bitPattern: $0)) } + [UInt8](repeating: 0, count: 4 * floatCount)
  }

  static var smallTokenizer: [UInt8] {
    let tokens = ["<unk>", "<s>", "</s>"] + (0..<256).map { "<0x\($0)>" } + [" "]
    return word(7)
      + tokens.flatMap { word(Float(0).bitPattern) + word(UInt32($0.utf8.count)) + Array($0.utf8) }
  }

  static func seekable(_ content: [UInt8]) throws -> [UInt8] {
    var writer = try SeekableWriter(frameContentByteCount: 8, compressor: try ZstdCompressor(level: 3))
    try writer.append(content)
    return try writer.finish()
  }

  static var table: DocumentTableWriter {
    var writer = DocumentTableWriter()
    for (index, text) in ["one", "two", "three"].enumerated() {
      writer.append(ContentID(of: text), byteCount: text.utf8.count + 1, repeats: 1 + index)
    }
    return writer
  }

  static var index: ShardIndex {
    ShardIndex(
      chunkByteCount: 8, frameContentByteCount: 16, compressor: "libzstd", train: split(.train),
      heldOut: split(.heldOut))
  }

  static func split(_ split: Split) -> SplitIndex {
    SplitIndex(
      contentByteCount: 14, contentID: ContentID(of: "content"), chunkCount: 2, documentCount: 3,
      documentTable: DocumentTableReference(
        fileName: ShardName.documentTable(split), id: ContentID(of: "table"), byteCount: 152),
      shards: [
        Shard(
          id: ContentID(of: "shard"), fileName: ShardName.shard(split, 0, of: 1), split: split, firstChunkIndex: 0,
          chunkCount: 2, byteCount: 60)
      ])
  }

  static var smallVectors: VerificationVectors {
    get throws {
      try VerificationVectors(prompts: [[65], Array("é: \u{1F525}".utf8)], generatedByteCount: 2, contextLength: 4)
    }
  }

  static var smallTextVectors: VerificationVectors {
    get throws {
      try VerificationVectors(
        prompts: [[65]], generatedByteCount: 1, contextLength: 4, hasLogits: false, texts: [Array("the".utf8), [255]])
    }
  }

  static var smallTextTranscript: [UInt8] {
    get throws {
      let th = Transcript.Token(token: 128, text: Array("th".utf8))
      let e = Transcript.Token(token: 101, text: [101])
      let unknown = Transcript.Token(token: 255, text: [])
      return Transcript(
        answers: [Transcript.Answer(generated: [65], logitBits: [])],
        textAnswers: [
          Transcript.TextAnswer(steps: [[], [th], [e], []]), Transcript.TextAnswer(steps: [[unknown], []]),
        ]
      ).bytes(answering: try smallTextVectors)
    }
  }

  static var smallTranscript: [UInt8] {
    get throws {
      let vectors = try smallVectors
      let answers = vectors.prompts.indices.map { index in
        Transcript.Answer(
          generated: [65, 66],
          logitBits: (0..<vectors.positionCount(ofPrompt: index) * 256).map { Float($0).bitPattern })
      }
      return Transcript(answers: answers).bytes(answering: vectors)
    }
  }

  /// A sweep's file with a value of every kind.
  static let smallSweep = Array(
    """
    schema: alambic.sweep/1
    name: small
    data: [{path: a.txt, split: lines}, {path: b, reply: {mark: "> "}}]
    shapes: [atome-60k, "gpt-6k:int8"]
    rates: [0.5, 1]
    vocabularies: [bytes, {learned: {strings: 9}}]
    steps: 40
    seeds: [0, 1]
    rungs: {eta: 2, budget: 400, among: data}

    """.utf8)
}
