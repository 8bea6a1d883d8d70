import Basics
import Formats
import Lineage
import Networks
import Testing
import Training

/// Students that learn from a teacher's labels.
@Suite("Training with soft labels")
struct SoftTrainingTests {
  private static let shape = CompactShape(modelWidth: 8, layerCount: 1, stateWidth: 6, gateCount: 6, hiddenWidth: 8)

  private static func settings(_ base: TrainingSettings) -> TrainingSettings {
    var settings = base
    settings.scales = .mean
    return settings
  }

  private static func finished(
    _ settings: TrainingSettings, _ data: TrainingData, _ labels: SoftLabels? = nil, share: Float = 0.5,
    threadCount: Int = 1
  ) throws -> TrainingCheckpoint<CompactShape> {
    var settings = settings
    settings.soft = labels.map { TrainingSettings.Soft(share: share, labels: $0.id) }
    let trainer = try Trainer(
      shape: shape, settings: settings, data: data, labels: labels, threadCount: threadCount)
    try trainer.run()
    return trainer.checkpoint()
  }

  /// Labels that say with certainty what the text says.
  private static func hard(_ data: TrainingData) throws -> SoftLabels {
    var (labels, counter) = ([SoftLabel](), SoftLabels.Counter())
    try data.forEachTrainingText { tokens in
      counter.add(tokens)
      labels += tokens.map { token in SoftLabel(quantising: (0..<256).map { $0 == Int(token) ? 1 : 0 }) }
    }
    return SoftLabels(source: counter.id, vocabulary: nil, teacher: ContentID(of: "text"), labels: labels)
  }

  private static func teacher(
    _ data: TrainingData, _ settings: TrainingSettings
  ) throws -> (TrainingCheckpoint<CompactShape>, SoftLabels) {
    let checkpoint = try finished(settings, data)
    return (checkpoint, try SoftLabeller(checkpoint).labels(of: data, teacher: ContentID(of: "teacher")))
  }

  /// Each label stands at its token: where it says what the text says, a mix of any share is the text's own gradient.
  @Test("labels that repeat the text change nothing but the last bits", arguments: [true, false])
  func repeatsText(ofDocuments: Bool) throws {
    let data = try ofDocuments ? DocumentFixture.data() : TrainingFixture.data()
    let settings = Self.settings(ofDocuments ? DocumentFixture.settings : TrainingFixture.settings)
    let alone = try Self.finished(settings, data)
    let taught = try Self.finished(settings, data, try Self.hard(data), share: 0.7)
    let largest = zip(alone.parameters, taught.parameters).map { abs($0 - $1) }.max() ?? 0
    #expect(largest < 1e-3, "\(largest)")
  }

  @Test("a teacher's labels make another student, the same on any number of threads and across a stop")
  func sameBytes() throws {
    let data = try DocumentFixture.data()
    let settings = Self.settings(DocumentFixture.settings)
    let (_, labels) = try Self.teacher(data, settings)
    let whole = try Self.finished(settings, data, labels, threadCount: 2)
    #expect(try whole.parameters != Self.finished(settings, data).parameters)
    #expect(try Self.finished(settings, data, labels, share: 0).parameters == Self.finished(settings, data).parameters)
    var soft = settings
    soft.soft = TrainingSettings.Soft(share: 0.5, labels: labels.id)
    let stopped = try Trainer(shape: Self.shape, settings: soft, data: data, labels: labels, threadCount: 1)
    for _ in 0..<5 { _ = try stopped.advance() }
    let saved = try TrainingCheckpoint<CompactShape>(decoding: stopped.checkpoint().encoded(), name: "saved")
    let resumed = try Trainer(resuming: saved, data: data, labels: labels, threadCount: 1)
    try resumed.run()
    #expect(try resumed.checkpoint().encoded() == whole.encoded())
  }

  @Test("a model says something about every token but each document's first, and what it says sums to one")
  func labelsOfModel() throws {
    let data = try DocumentFixture.data()
    let (_, labels) = try Self.teacher(data, Self.settings(DocumentFixture.settings))
    var firsts: Set<Int> = []
    var end = 0
    try data.forEachTrainingText { tokens in
      firsts.insert(end)
      end += tokens.count
    }
    #expect(labels.count == end)
    for index in 0..<labels.count {
      #expect(labels[index].entries.isEmpty == firsts.contains(index))
      if !firsts.contains(index) { #expect(labels[index].entries.count == SoftLabel.entryCount) }
    }
    // Long documents are cut into windows; the labels of text are as many as its tokens.
    let text = try TrainingFixture.data()
    let (_, others) = try Self.teacher(text, Self.settings(TrainingFixture.settings))
    #expect(others.count == text.train.count && others.labelledCount == text.train.count - 1)
  }

  @Test("labels of other data, other labels than the settings name, and none are refused")
  func refuses() throws {
    let data = try DocumentFixture.data()
    let settings = Self.settings(DocumentFixture.settings)
    let labels = try Self.hard(try TrainingFixture.data())
    #expect(throws: HintedError.self) { try Self.finished(settings, data, labels) }
    var named = settings
    named.soft = TrainingSettings.Soft(share: 0.5, labels: ContentID(of: "others"))
    #expect(throws: HintedError.self) {
      try Trainer(shape: Self.shape, settings: named, data: data, labels: try Self.hard(data), threadCount: 1)
    }
    #expect(throws: HintedError.self) { try Trainer(shape: Self.shape, settings: named, data: data, threadCount: 1) }
    named.twinShare = 0.5
    #expect(throws: HintedError.self) { try named.validate() }
    named.twinShare = nil
    named.soft?.share = 1.5
    #expect(throws: HintedError.self) { try named.validate() }
  }

  @Test("a teacher of another vocabulary labels nothing")
  func vocabulary() throws {
    let data = try TrainingFixture.data()
    let checkpoint = try Self.finished(Self.settings(TrainingFixture.settings), data)
    let learned = try TrainingData(
      train: data.train, heldOut: data.heldOut, window: data.windowTokenCount,
      vocabulary: try Vocabulary(strings: [200: Array("fox".utf8)], unknownToken: 255))
    #expect(throws: HintedError.self) {
      try SoftLabeller(checkpoint).labels(of: learned, teacher: ContentID(of: "teacher"))
    }
  }

  /// Requests that come with another text each time that they are read, as a recipe's noise makes them.
  private struct Varied: DocumentSource {
    let plain: DocumentList
    var id: ContentID { plain.id }
    var documentCount: Int { plain.documentCount }
    func repeats(of index: Int) throws -> Int { plain.repeats(of: index) }
    func read(_ index: Int, into tokens: inout [UInt8]) throws -> Int? { plain.read(index, into: &tokens) }
    func read(_ index: Int, varied random: SeededGenerator, into tokens: inout [UInt8]) throws -> Int? {
      guard let start = plain.read(index, into: &tokens) else { return nil }
      tokens.insert(UInt8(ascii: "!"), at: start - 1)
      return start + 1
    }
  }

  /// The labels of replies stand where they belong: they repeat the text, so a student that learns from them alone
  /// learns the replies as from the text.
  @Test("the labels of a reply hold where its request was varied")
  func variedRequests() throws {
    let plain = try DocumentFixture.list()
    let data = try TrainingData(
      train: Varied(plain: plain), heldOut: DocumentFixture.list(), window: DocumentFixture.settings.windowTokenCount)
    let settings = Self.settings(DocumentFixture.settings)
    let alone = try Self.finished(settings, data)
    let taught = try Self.finished(settings, data, try Self.hard(data), share: 1)
    let largest = zip(alone.parameters, taught.parameters).map { abs($0 - $1) }.max() ?? 0
    #expect(largest < 1e-3, "\(largest)")
  }
}
