import Basics
import Conversation
import Evaluation
import Formats
import Foundation
import Lineage
import Model

/// A classifier on labelled texts, and what one would take instead, in one run.
public struct LabelStudy: Sendable {
  public struct Answer: Codable, Sendable {
    public struct Contestant: Codable, Sendable {
      public var name: String
      /// Of flash, code not counted.
      public var byteCount: Int
      public var report: ClassificationReport
      public var outOfScope: OutOfScopeReport?
      /// The same with the threshold that the classifier's file has, if it has one.
      public var atOwnThreshold: OutOfScopeReport?
    }

    public var schema = "alambic.classification/1"
    public var image: ContentID
    public var textCount: Int
    public var contestants: [Contestant]
  }

  /// What is measured.
  public enum Subject: Sendable {
    case student(LoadedImage, LabelClassifier.Frame, HostEngine)
    /// A student that was trained to classify.
    case head(LoadedImage, HostEngine)
    case ngrams(NgramImage)
    /// A published classifier, the names of its classes, and what texts stand in.
    case published(AtomeClassifier, [String], LabelClassifier.Frame?)
  }

  public var subject: Subject
  /// What is asked.
  public var texts: LabelledTexts
  /// What rivals are fitted on; nil for no rivals.
  public var training: LabelledTexts?
  /// Texts that have none of the labels.
  public var outOfScope: LabelledTexts?
  /// A label that means none of the others: what it gets makes an answer less sure, and it is no answer itself.
  public var none: String?
  /// The share of texts in scope that may be refused.
  public var falseRefusals: Double

  public init(
    _ subject: Subject, texts: LabelledTexts, training: LabelledTexts? = nil, outOfScope: LabelledTexts? = nil,
    none: String? = nil,
    falseRefusals: Double = 0.05
  ) {
    (self.subject, self.texts) = (subject, texts)
    (self.training, self.outOfScope, self.none, self.falseRefusals) = (training, outOfScope, none, falseRefusals)
  }

  /// - Throws: `HintedError` for an image that cannot be asked.
  public func run() throws -> Answer {
    let named = Set(texts.labels).union(training?.labels ?? []).subtracting([none].compactMap(\.self))
    let answer: (id: ContentID, contestants: [Answer.Contestant])
    switch subject {
    case .student(let image, let frame, let engine):
      answer = (image.id, try contestants(named.sorted(), image, frame, engine))
    case .head(let image, let engine):
      var classifier = try HeadClassifier(image, kind: engine)
      try Self.check(named, classifier.labels)
      answer = (
        image.id,
        [
          try contestant("student", image.bytes.count, classifier.labels, threshold: classifier.threshold) {
            LabelledPrediction(try classifier.answer(to: $0))
          }
        ] + (try studentRivals(classifier.labels))
      )
    case .ngrams(let image):
      try Self.check(named, image.labels.map(\.name))
      answer = (ContentID(of: image.bytes), [try contestant(ngrams: image)] + (try rivals(image.labels.map(\.name))))
    case .published(let classifier, let names, let frame):
      try Self.check(named, names)
      var source = try PublishedClassifier(classifier, names: names, frame: frame)
      answer = (
        ContentID(of: classifier.bytes),
        [try contestant("ATOMECL01", classifier.bytes.count, names) { try source.prediction(of: $0) }]
          + (try rivals(names))
      )
    }
    return Answer(
      image: answer.id, textCount: texts.examples.count { $0.label != none }, contestants: answer.contestants)
  }

  private func contestants(
    _ names: [String], _ image: LoadedImage, _ frame: LabelClassifier.Frame, _ engine: HostEngine
  ) throws -> [Answer.Contestant] {
    // What means none of them comes last.
    let labels = names + [none].compactMap(\.self)
    var classifier = try LabelClassifier(image, labels: labels, frame: frame, kind: engine)
    var found = [
      try contestant("student", image.bytes.count, names) {
        LabelledPrediction(
          expected: nil, probabilities: Array(try classifier.probabilities(of: $0).prefix(names.count)))
      }
    ]
    found += try studentRivals(names)
    return found
  }

  private func studentRivals(_ names: [String]) throws -> [Answer.Contestant] {
    guard let training else { return [] }
    let rival = try NgramFitter().fit(training.ngramExamples(names, none: none), labels: names)
    return [try contestant(ngrams: rival), try mostFrequent(training, names)]
  }

  private static func check(_ named: Set<String>, _ names: [String]) throws {
    guard let missing = named.subtracting(names).min() else { return }
    throw HintedError(
      "the classifier has no label '\(missing)': it has \(names.joined(separator: ", "))",
      hint: "fit it on texts with that label, or name it with --none", status: .usage)
  }

  private func rivals(_ names: [String]) throws -> [Answer.Contestant] {
    try training.map { [try mostFrequent($0, names)] } ?? []
  }

  private func contestant(ngrams image: NgramImage) throws -> Answer.Contestant {
    let classifier = NgramClassifier(image)
    return try contestant(
      "hashed n-grams, linear, 4 bits", image.bytes.count, image.labels.map(\.name),
      threshold: image.threshold == NgramImage.refusesNone ? nil : Double(image.threshold)
    ) { LabelledPrediction(expected: nil, scores: classifier.scores(of: $0)) }
  }

  private func mostFrequent(_ training: LabelledTexts, _ names: [String]) throws -> Answer.Contestant {
    let shares = names.map { name in
      Double(training.examples.count { $0.label == name }) / Double(training.examples.count)
    }
    return try contestant("most frequent label", 1, names) { _ in
      LabelledPrediction(expected: nil, probabilities: shares)
    }
  }

  private func contestant(
    _ name: String, _ byteCount: Int, _ names: [String], threshold: Double? = nil,
    _ predict: (String) throws -> LabelledPrediction
  ) throws -> Answer.Contestant {
    let predictions = try texts.examples.filter { $0.label != none }.map { example in
      var prediction = try predict(example.text)
      prediction.expected = names.firstIndex(of: example.label)
      return prediction
    }
    let strangers = try outOfScope?.examples.map { try predict($0.text) }
    return Answer.Contestant(
      name: name, byteCount: byteCount, report: ClassificationReport(names: names, predictions),
      outOfScope: strangers.map {
        OutOfScopeReport(inScope: predictions, outOfScope: $0, falseRefusals: falseRefusals)
      },
      atOwnThreshold: threshold.map {
        OutOfScopeReport(inScope: predictions, outOfScope: strangers ?? [], threshold: $0)
      })
  }
}

/// A published classifier that is asked about texts.
public struct PublishedClassifier {
  private var engine: ReferenceEngine
  private let names: [String]
  private let frame: LabelClassifier.Frame?

  /// - Parameter frame: what texts stand in; nil where they are read as they are.
  /// - Throws: `HintedError` for another count of names than there are classes.
  public init(_ classifier: AtomeClassifier, names: [String], frame: LabelClassifier.Frame?) throws {
    guard names.count == classifier.classCount, Set(names).count == names.count else {
      throw HintedError(
        "the classifier has \(classifier.classCount) classes, and --labels names \(Set(names).count)",
        hint: "name each class once, in the order of the file", status: .usage)
    }
    engine = try ReferenceEngine(model: classifier.asLanguageModel, contextLength: LoadedImage.unknownContext)
    (self.names, self.frame) = (names, frame)
  }

  /// By class, the head's products.
  public mutating func scores(of bytes: [UInt8]) -> [Float] {
    engine.reset()
    var logits = [Float](repeating: 0, count: names.count)
    for byte in bytes { logits = engine.step(byte) }
    return Array(logits.prefix(names.count))
  }

  public mutating func prediction(of text: String) throws -> LabelledPrediction {
    let framed = frame.map { "\($0.before)\(text)\($0.between)" } ?? text
    let scores = scores(of: Array(framed.utf8)).map(Double.init)
    let largest = scores.max() ?? 0
    let weights = scores.map { exp($0 - largest) }
    let sum = weights.reduce(0, +)
    return LabelledPrediction(expected: nil, probabilities: weights.map { $0 / sum })
  }
}

extension LabelledPrediction {
  /// What a student's head says, its margin as sureness.
  init(_ answer: HeadClassifier.Answer) {
    self.init(expected: nil, probabilities: answer.probabilities, sureness: answer.margin)
  }
}

extension LabelledTexts {
  /// The texts as `NgramFitter` takes them.
  /// - Parameter none: the label of those that have none of the names.
  public func ngramExamples(_ names: [String], none: String?) -> [NgramFitter.Example] {
    let index = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    return examples.map { NgramFitter.Example(text: $0.text, label: $0.label == none ? nil : index[$0.label]) }
  }
}
