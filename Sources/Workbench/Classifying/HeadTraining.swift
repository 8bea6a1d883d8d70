import Basics
import Conversation
import Evaluation
import Export
import Formats
import Foundation
import Lineage
import Networks
import Training
import Vocabularies

/// A student that is trained to classify: from labelled texts to a vocabulary, a head and documents; and folds of them,
/// whose students say how good it is and from which score on it should answer. docs/guides/classifying.md.
public struct HeadTraining: Sendable {
  public struct Settings: Sendable {
    public var shape = CompactShape(
      modelWidth: 16, layerCount: 1, stateWidth: 32, gateCount: 8, hiddenWidth: 24, passCount: 3)
    /// Of every student; the head is filled in.
    public var training: TrainingSettings
    public var vocabulary = Recipe.VocabularyChoice.learned(marks: [], strings: 80)
    /// Whether texts without their keywords are learned as texts that have no label.
    public var masksKeywords = true
    /// Whether a text counts inversely to how frequent its label is.
    public var balancesLabels = false
    public var threadCount: Int?

    public init() {
      training = TrainingSettings.compact.learningReplies(promptWeight: 0)
      (training.stepCount, training.batchCount, training.windowTokenCount) = (8000, 32, 256)
    }
  }

  public let settings: Settings
  public let labels: [String]
  public let examples: [NgramFitter.Example]

  /// - Parameter none: the label of texts that have none of the others.
  /// - Throws: `HintedError` for texts and labels that no classifier can have.
  public init(_ texts: LabelledTexts, none: String? = nil, settings: Settings) throws {
    let labels = texts.labels.filter { $0 != none }
    if let none, labels.count == texts.labels.count {
      throw HintedError("no text has the label '\(none)' of --none", status: .usage)
    }
    if let text = texts.examples.first(where: { $0.text.utf8.contains(Document.separatorByte) })?.text {
      throw HintedError("a text holds a NUL byte: \(text.prefix(40).debugDescription)")
    }
    self.settings = settings
    self.labels = labels
    examples = texts.ngramExamples(labels, none: none)
    // Labels are checked before anything is trained.
    _ = try head(of: examples)
    _ = try split(examples)
  }

  /// What one student is trained on.
  public struct Student: Sendable {
    public var data: TrainingData
    public var settings: TrainingSettings
    /// Held-out texts as it reads them: what units are chosen by.
    var calibration: [[UInt8]]
  }

  /// The student of all texts, but for some that it is measured on while it is trained.
  /// - Parameter threshold: from which margin on it answers.
  public func student(threshold: Double?) throws -> Student { try student(of: examples, threshold: threshold) }

  /// What folds of the texts say, by students in integers, as a board runs them.
  /// - Parameters:
  ///   - folder: keeps the folds' students, so that the same call goes on after a kill; remove it when all is done.
  ///   - saveInterval: seconds between two saves of the student that is trained.
  ///   - progress: told of every step: the student's number from 0, how many there are, and the step.
  /// - Throws: `HintedError` of status `.stopped` when the task is cancelled, after saving.
  public func validated(
    by validation: CrossValidation, in folder: String, saveInterval: Double = TrainingResult.saveInterval,
    progress: @escaping @Sendable (Int, Int, StepMetrics) -> Void = { _, _, _ in }
  ) throws -> CrossValidation.Report {
    try AtomicFile.makeFolder(folder)
    let count = validation.folds * validation.repeats
    var number = 0
    return try validation.run(examples, labels: labels) { rest in
      let index = number
      number += 1
      let student = try student(of: rest, threshold: nil)
      let run = TrainingRun(
        shape: settings.shape, settings: student.settings, data: student.data, output: "\(folder)/\(index)",
        threadCount: settings.threadCount, saveInterval: saveInterval)
      let trained = try run.once { progress(index, count, $0) }
      let image = try CompactPacker().pack(
        trained.checkpoint, checkpointID: trained.id, calibratedOn: student.calibration)
      var classifier = try HeadClassifier(LoadedImage(image, path: "the student of a fold"))
      return { texts in
        try texts.map { LabelledPrediction(try classifier.answer(to: $0)) }
      }
    }
  }
}

// MARK: - A student's texts

extension HeadTraining {
  /// A twentieth of the texts is held out, or more where a label has fewer texts.
  private func split(
    _ examples: [NgramFitter.Example]
  ) throws -> (train: [NgramFitter.Example], heldOut: [NgramFitter.Example]) {
    func folds(_ count: Int) throws -> Folds {
      try Folds(
        texts: examples.map(\.text), labels: examples.map { $0.label.map { labels[$0] } }, count: count,
        seed: settings.training.seed)
    }
    let dealt = try [20, 10, 5].lazy.compactMap { try? folds($0) }.first ?? folds(2)
    func side(_ isHeldOut: Bool) -> [NgramFitter.Example] {
      examples.indices.filter { (dealt.fold[$0] == 0) == isHeldOut }.map { examples[$0] }
    }
    return (side(false), side(true))
  }

  private func student(of examples: [NgramFitter.Example], threshold: Double?) throws -> Student {
    var (train, heldOut) = try split(examples)
    let texts = train.map { Array($0.text.utf8) }
    if settings.masksKeywords {
      let mask = KeywordMask(train, labelCount: labels.count)
      train += strangers(of: train, mask)
      heldOut += strangers(of: heldOut, mask)
    }
    var head = try head(of: train)
    head.threshold = threshold
    let vocabulary = try vocabulary(of: texts, head)
    let encode = TokenEncoder(vocabulary).encode
    var training = settings.training
    training.head = head
    let documents = documents(train, head, encode)
    try check(documents)
    return Student(
      data: try TrainingData(
        train: DocumentList(documents), heldOut: DocumentList(self.documents(heldOut, head, encode)),
        window: training.windowTokenCount, vocabulary: vocabulary),
      settings: training, calibration: heldOut.map { encode(Array($0.text.utf8)) + [LabelHead.end] })
  }

  /// Texts without their keywords, chosen by chance, as many as half as much again as a label has: where they are as
  /// many as all others, a small student spends on them what it needs to tell labels apart.
  private func strangers(of examples: [NgramFitter.Example], _ mask: KeywordMask) -> [NgramFitter.Example] {
    var generator = SeededGenerator(seed: settings.training.seed)
    var texts = mask.strangers(of: examples)
    for index in texts.indices.dropFirst().reversed() { texts.swapAt(index, generator.below(index + 1)) }
    return texts.prefix(3 * examples.count / (2 * labels.count)).map { NgramFitter.Example(text: $0, label: nil) }
  }

  private func vocabulary(of texts: [[UInt8]], _ head: LabelHead) throws -> Vocabulary {
    guard case .learned(let marks, let strings) = settings.vocabulary else { return .bytes }
    return try VocabularyLearner(marks: marks, stringLimit: strings, reserved: Set(head.tokens)).learn(from: texts)
  }

  /// Each text once, with how often it was said, in an order that has nothing to do with labels.
  private func documents(
    _ examples: [NgramFitter.Example], _ head: LabelHead, _ encode: ([UInt8]) -> [UInt8]
  ) -> [TokenDocument] {
    var counts: [NgramFitter.Example: Int] = [:]
    var order: [NgramFitter.Example] = []
    for example in examples {
      if counts[example] == nil { order.append(example) }
      counts[example, default: 0] += 1
    }
    var generator = SeededGenerator(seed: settings.training.seed)
    for index in order.indices.dropFirst().reversed() { order.swapAt(index, generator.below(index + 1)) }
    return order.map { example in
      let text = encode(Array(example.text.utf8)) + [LabelHead.end]
      let token = example.label.map { head.labels[$0].token } ?? head.none ?? 0
      return TokenDocument(tokens: text + [token], replyStart: text.count, repeats: counts[example] ?? 1)
    }
  }

  private func check(_ documents: [TokenDocument]) throws {
    // Behind the label stands a separator.
    let limit = settings.training.windowTokenCount - 1
    let tooLong = documents.filter { $0.tokens.count > limit }
    guard let longest = tooLong.map(\.tokens.count).max() else { return }
    throw HintedError(
      "\(tooLong.count) texts have more tokens than the window of \(limit + 1); the longest has \(longest)",
      hint: "--window \(longest + 1), or shorter texts", status: .usage)
  }
}

// MARK: - The head

extension HeadTraining {
  /// Tokens for labels: bytes that no text has, those first that UTF-8 never has, so that no text can name a label.
  private static let labelBytes: [UInt8] = {
    let never: [UInt8] = [0xC0, 0xC1] + (0xF5...0xFF)
    let control = (UInt8(1)...0x1F).filter { ![0x09, 0x0A, 0x0D].contains($0) } + [0x7F]
    return never + control + (UInt8(0x80)...0xF4).filter { !never.contains($0) }
  }()

  private func head(of train: [NgramFitter.Example]) throws -> LabelHead {
    var isUsed = [Bool](repeating: false, count: 256)
    for example in examples { for byte in example.text.utf8 { isUsed[Int(byte)] = true } }
    let free = Self.labelBytes.filter { !isUsed[Int($0)] }
    let hasNone = train.contains { $0.label == nil }
    guard labels.count + 1 <= free.count else {
      throw HintedError(
        "\(labels.count) labels, and the texts leave \(free.count - 1) byte values that can stand for one",
        hint: "give fewer labels", status: .usage)
    }
    let weights = NgramFitter.weights(
      of: train.map(\.label), labelCount: labels.count, balanced: settings.balancesLabels)
    let byLabel = Dictionary(zip(train.map(\.label), weights)) { first, _ in first }
    let head = LabelHead(
      labels: labels.enumerated().map { index, name in
        let weight = byLabel[index] ?? 1
        return LabelHead.Label(name: name, token: free[index], weight: weight == 1 ? nil : weight)
      }, none: hasNone ? free[labels.count] : nil)
    try head.validate()
    return head
  }
}
