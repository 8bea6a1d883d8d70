import Basics
import Formats
import Networks

extension Inspection {
  /// Like an image, it begins with ATOME.
  static let ngrams = Explainer {
    NgramImage.claims($0.bytes)
  } explain: { file in
    let image = try NgramImage(reading: file.bytes, name: file.path)
    let threshold = image.threshold == NgramImage.refusesNone ? "none" : score(image.threshold)
    return Inspection(
      "n-gram classifier", file,
      facts: [
        Fact("featureCount", "features", .count(image.featureCount)),
        Fact("runs", "runs of bytes", .text("\(image.runs.lowerBound) to \(image.runs.upperBound)")),
        Fact("threshold", "refuses below", .text(threshold)),
        Fact("pairByteCount", "bytes of known pairs of words", .count(image.pairs?.bytes.count ?? 0)),
        Fact("newness", "lowered by, if all pairs are new", .text(score(Int32(image.pairs?.newness ?? 0)))),
      ],
      sections: [
        Section(
          "Labels", [("label", "label"), ("bias", "bias")],
          rows: image.labels.map { [.text($0.name), .text(score($0.bias))] })
      ])
  }

  static let publishedClassifier = Explainer {
    AtomeClassifier.claims($0.bytes)
  } explain: { file in
    let classifier = try AtomeClassifier(reading: file.bytes, name: file.path, shape: file.shape)
    return Inspection(
      "ATOMECL01 classifier", file,
      facts: [
        Fact("shape", "shape", .text(classifier.shape.description)),
        Fact("classCount", "classes", .count(classifier.classCount)),
        Fact("headScale", "scale of the head", .text("\(classifier.head.scale)")),
      ])
  }

  private static func score(_ value: Int32) -> String { "\((Double(value) / NgramImage.one).rounded(toPlaces: 3))" }
}
