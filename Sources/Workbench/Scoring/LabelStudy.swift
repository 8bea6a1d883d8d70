import Basics
import Conversation
import Evaluation
import Formats
import Foundation
import Lineage

/// A classifier on labelled texts, and what one would take instead, in one run.
public struct LabelStudy: Sendable {
  public struct Answer: Codable, Sendable {
    public struct Contestant: Codable, Sendable {
      public var name: String
      /// Of flash, code not counted.
      public var byteCount: Int
      public var report: ClassificationReport
      public var outOfScope: OutOfScopeReport?
    }

    public var schema = "alambic.classification/1"
    public var image: ContentID
    public var textCount: Int
    public var contestants: [Contestant]
  }

  public var image: LoadedImage
  public var frame: LabelClassifier.Frame
  public var engine: HostEngine
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
    image: LoadedImage, frame: LabelClassifier.Frame, engine: HostEngine, texts: LabelledTexts,
    training: LabelledTexts? = nil, outOfScope: LabelledTexts? = nil, none: String? = nil,
    falseRefusals: Double = 0.05
  ) {
    (self.image, self.frame, self.engine, self.texts) = (image, frame, engine, texts)
    (self.training, self.outOfScope, self.none, self.falseRefusals) = (training, outOfScope, none, falseRefusals)
  }

  /// - Throws: `HintedError` for an image that cannot be asked.
  public func run() throws -> Answer {
    let named = Set(texts.labels).union(training?.labels ?? []).subtracting([none].compactMap(\.self))
    // What means none of them comes last.
    let labels = named.sorted() + [none].compactMap(\.self)
    var classifier = try LabelClassifier(image, labels: labels, frame: frame, kind: engine)
    var contestants = [
      try contestant("student", image.bytes.count, labels) { try classifier.probabilities(of: $0) }
    ]
    if let training {
      let rival = linear(training, labels)
      let common = majority(training, labels)
      contestants.append(
        try contestant("hashed n-grams, linear, 4 bits", rival.byteCount, labels, rival.probabilities(of:)))
      contestants.append(try contestant("most frequent label", 1, labels) { _ in common })
    }
    return Answer(image: image.id, textCount: texts.examples.count { $0.label != none }, contestants: contestants)
  }

  private func contestant(
    _ name: String, _ byteCount: Int, _ labels: [String], _ probabilities: (String) throws -> [Double]
  ) throws -> Answer.Contestant {
    let names = none == nil ? labels : labels.dropLast()
    func shares(_ text: String) throws -> [Double] { Array(try probabilities(text).prefix(names.count)) }
    let predictions = try texts.examples.filter { $0.label != none }.map {
      LabelledPrediction(expected: names.firstIndex(of: $0.label), probabilities: try shares($0.text))
    }
    let strangers = try outOfScope?.examples.map {
      LabelledPrediction(expected: nil, probabilities: try shares($0.text))
    }
    return Answer.Contestant(
      name: name, byteCount: byteCount, report: ClassificationReport(names: names, predictions),
      outOfScope: strangers.map {
        OutOfScopeReport(inScope: predictions, outOfScope: $0, falseRefusals: falseRefusals)
      })
  }

  private func linear(_ training: LabelledTexts, _ labels: [String]) -> HashedLinear {
    HashedLinear(
      training.examples.map { ($0.text, labels.firstIndex(of: $0.label) ?? 0) }, labelCount: labels.count)
  }

  private func majority(_ training: LabelledTexts, _ labels: [String]) -> [Double] {
    labels.map { label in
      Double(training.examples.count { $0.label == label }) / Double(training.examples.count)
    }
  }
}
