import Basics
import Console
import Conversation
import Evaluation
import Formats
import Foundation
import Model
import Workbench

/// What a classifier says of one text.
private struct Verdict {
  var labels: [String]
  /// Of each label; together less than 1 where a student has learned a label for none of them.
  var shares: [Double]
  /// Whether the threshold says that it has none of the labels; nil without a threshold.
  var isRefused: Bool?

  var best: (label: String, share: Double) {
    zip(labels, shares).max { $0.1 < $1.1 } ?? ("", 0)
  }
}

extension ClassifyMeasureCommand {
  /// Answers --prompt, or each line of standard input.
  func classifyTexts(by subject: LabelStudy.Subject) throws {
    let judge = try judge(by: subject)
    if let prompt { return try show(try judge(prompt)) }
    var lines = InputLines()
    while let line = try lines.next() {
      let verdict = try judge(String(decoding: line, as: UTF8.self))
      if common.json { try show(verdict) } else { Output.text(Self.line(verdict)) }
    }
  }

  private typealias Judge = (String) throws -> Verdict

  private func judge(by subject: LabelStudy.Subject) throws -> Judge {
    switch subject {
    case .student(let image, let frame, _): return try judge(image, frame)
    case .head(let image, let engine):
      var classifier = try HeadClassifier(image, kind: engine)
      return { text in
        let answer = try classifier.answer(to: text)
        return Verdict(
          labels: classifier.labels, shares: answer.probabilities,
          isRefused: classifier.threshold.map { answer.margin < $0 })
      }
    case .published(let classifier, let names, let frame):
      var source = try PublishedClassifier(classifier, names: names, frame: frame)
      return { Verdict(labels: names, shares: try source.prediction(of: $0).probabilities) }
    case .ngrams(let image):
      let classifier = NgramClassifier(image)
      return { text in
        let scores = classifier.scores(of: text)
        let isRefused = classifier.label(for: scores) == nil
        return Verdict(
          labels: image.labels.map(\.name), shares: LabelledPrediction(expected: nil, scores: scores).probabilities,
          isRefused: image.threshold == NgramImage.refusesNone ? nil : isRefused)
      }
    }
  }

  private func judge(_ image: LoadedImage, _ frame: LabelClassifier.Frame) throws -> Judge {
    guard let labels = labels?.split(separator: ",").map(String.init) else {
      throw HintedError(
        "a student that writes its labels needs --labels", hint: "the labels to choose from: --labels Play,Stop",
        status: .usage)
    }
    var classifier = try LabelClassifier(image, labels: labels, frame: frame, kind: engine)
    return { Verdict(labels: labels, shares: try classifier.probabilities(of: $0)) }
  }

  private struct Shares: Encodable {
    var schema = "alambic.label/1"
    var label: String
    var shares: [String: Double]
    var isRefused: Bool?
  }

  private func show(_ verdict: Verdict) throws {
    if common.json {
      return try Output.json(
        Shares(
          label: verdict.best.label, shares: Dictionary(uniqueKeysWithValues: zip(verdict.labels, verdict.shares)),
          isRefused: verdict.isRefused))
    }
    var table = Table([("label", .left), ("share", .right)])
    for (label, share) in zip(verdict.labels, verdict.shares).sorted(by: { $0.1 > $1.1 }) {
      table.add([label, Self.percent(share)])
    }
    // A student that has learned a label for them, which is not an answer.
    let none = 1 - verdict.shares.reduce(0, +)
    if none >= 0.0005 { table.add(["none of these", Self.percent(none)]) }
    Output.text(table.text + (verdict.isRefused == true ? "\n\nRefused: below the threshold, so none of these." : ""))
  }

  /// For a program: a line a text.
  private static func line(_ verdict: Verdict) -> String {
    let (label, share) = verdict.best
    let isNone = verdict.isRefused == true || 1 - verdict.shares.reduce(0, +) > share
    return "\(isNone ? "-" : label)\t\(String(format: "%.4f", share))"
  }

  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}
