import Basics
import Formats
import Foundation
import Lineage
import Model
import Networks
import Vocabularies

/// A student that was trained to classify: its labels are tokens, and it is asked once, behind the text.
public struct HeadClassifier {
  /// What it says of a text.
  public struct Answer: Hashable, Sendable {
    /// By label; they add up to 1, or to less where the classifier learned texts that have none of them.
    public var probabilities: [Double]
    /// How far the best label is above none of them, or above the second best, in nats.
    public var margin: Double
  }

  public let labels: [String]
  /// The least margin of an answer; nil for a classifier that refuses no text.
  public let threshold: Double?
  private let tokens: [UInt8]
  private let hasNone: Bool
  private let encode: ([UInt8]) -> [UInt8]
  private var engine: any LogitSource

  /// - Throws: `HintedError` for an image of a student that speaks, and an engine that refuses it.
  public init(_ image: LoadedImage, kind: HostEngine = .c) throws {
    guard let head = image.contents.head else {
      throw HintedError(
        "\(image.path) is not a classifier: it has no labels", hint: "train it with --task classify", status: .usage)
    }
    labels = head.labels.map(\.name)
    threshold = head.threshold
    tokens = head.tokens
    hasNone = head.none != nil
    encode = TokenEncoder(image.vocabulary).encode
    engine = try image.engine(kind, context: image.defaultContext)
  }

  /// - Throws: what the engine throws.
  public mutating func answer(to text: String) throws -> Answer {
    engine.reset()
    var logits: [Float] = []
    for token in encode(Array(text.utf8)) + [LabelHead.end] { logits = try engine.step(token) }
    let scores = tokens.map { Double(logits[Int($0)]) }
    let largest = scores.max() ?? 0
    let scale = engine.logitKind.scale
    let weights = scores.map { exp(($0 - largest) * scale) }
    let sum = weights.reduce(0, +)
    let known = scores.prefix(labels.count).sorted(by: >)
    // Whole numbers before the scale, so that a margin is what the board compares.
    let margin = (known[0] - (hasNone ? scores[labels.count] : known[1])) * scale
    return Answer(probabilities: weights.prefix(labels.count).map { $0 / sum }, margin: margin)
  }
}
