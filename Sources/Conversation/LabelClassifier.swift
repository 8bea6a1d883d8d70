import Basics
import Foundation
import Lineage
import Model
import Networks
import Vocabularies

/// A student that answers with a label: how likely it finds each of them. It is asked as it was trained, so nothing
/// but the engine is needed on a board, and its logits are proven as every other's.
public struct LabelClassifier {
  /// What stands around a text, and before its label: `> ` and `\n< `.
  public struct Frame: Hashable, Sendable {
    public var before: String
    public var between: String

    /// - Parameter template: with `{text}` and `{label}`, the label last.
    /// - Throws: `HintedError` for another one.
    public init(template: String) throws {
      let parts = template.split(separator: "{text}", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1].hasSuffix("{label}"), !parts[1].dropLast(7).isEmpty else {
        throw HintedError(
          "the frame '\(template)' is not a text with {text}, something behind it, and {label} at the end",
          hint: "for example \"> {text}\\n< {label}\"", status: .usage)
      }
      (before, between) = (String(parts[0]), String(parts[1].dropLast(7)))
    }

    /// A reply begins behind the first line end, or where the label stands: what of `between` is before it.
    var asked: String { String(between[..<cut]) }
    /// And what of it the reply begins with.
    var said: String { String(between[cut...]) }

    private var cut: String.Index {
      between.firstIndex(of: "\n").map { between.index(after: $0) } ?? between.endIndex
    }
  }

  public let labels: [String]
  private let frame: Frame
  private var engine: any LogitSource
  /// Labels with what stands before them behind the first line end, as training cuts them.
  private let replies: [[UInt8]]
  private let request: (String) -> [UInt8]

  /// - Throws: `HintedError` for labels that are the same, and an engine that refuses the image.
  public init(_ image: LoadedImage, labels: [String], frame: Frame, kind: HostEngine = .c) throws {
    guard Set(labels).count == labels.count, labels.count > 1, !labels.contains("") else {
      throw HintedError("a classifier needs two labels or more, all different", status: .usage)
    }
    self.labels = labels
    self.frame = frame
    engine = try image.engine(kind, context: image.defaultContext)
    let (asked, said) = (frame.asked, frame.said)
    let encode = TokenEncoder(image.vocabulary).encode
    replies = labels.map { encode(Array("\(said)\($0)".utf8)) + [0] }
    request = { encode(Array("\(frame.before)\($0)\(asked)".utf8)) }
  }

  /// - Returns: by label; they add up to 1.
  public mutating func probabilities(of text: String) throws -> [Double] {
    let prompt = request(text)
    var result = Array(repeating: 1.0, count: labels.count)
    try share(Array(labels.indices), [], prompt, &result)
    return result
  }

  /// Goes down the labels' common beginnings; where they part, each gets its token's share.
  private mutating func share(_ members: [Int], _ path: [UInt8], _ prompt: [UInt8], _ result: inout [Double]) throws {
    var path = path
    while true {
      let tokens = Set(members.compactMap { replies[$0].dropFirst(path.count).first })
      guard members.count > 1 else { return }
      if tokens.count > 1 { break }
      guard let token = tokens.first else { return }
      path.append(token)
    }
    let logits = try logits(behind: prompt + path)
    let groups = Dictionary(grouping: members) { replies[$0].dropFirst(path.count).first ?? 0 }
    let largest = groups.keys.map { logits[Int($0)] }.max() ?? 0
    let weights = groups.mapValues { _ in 0.0 }.merging(
      groups.keys.map { ($0, exp(Double(logits[Int($0)] - largest))) }
    ) { $1 }
    let sum = weights.values.reduce(0, +)
    for (token, group) in groups {
      for member in group { result[member] *= (weights[token] ?? 0) / sum }
      if group.count > 1 { try share(group, path + [token], prompt, &result) }
    }
  }

  private mutating func logits(behind tokens: [UInt8]) throws -> [Float] {
    engine.reset()
    var logits: [Float] = []
    for token in tokens { logits = try engine.step(token) }
    return logits
  }
}

/// A student that writes its label, whichever it is: an intent with its slots.
public struct LabelWriter {
  /// Of a label; a student that goes on is cut off.
  public static let tokenLimit = 256

  private let frame: LabelClassifier.Frame
  private var engine: any LogitSource
  private let vocabulary: Vocabulary
  private let encode: ([UInt8]) -> [UInt8]

  /// - Throws: `HintedError` for an engine that refuses the image.
  public init(_ image: LoadedImage, frame: LabelClassifier.Frame, kind: HostEngine = .c) throws {
    self.frame = frame
    engine = try image.engine(kind, context: image.defaultContext)
    vocabulary = image.vocabulary
    encode = TokenEncoder(image.vocabulary).encode
  }

  /// The likeliest token each time, up to a NUL or a line end, without what stands before the label.
  public mutating func label(of text: String) throws -> String {
    engine.reset()
    var logits: [Float] = []
    for token in encode(Array("\(frame.before)\(text)\(frame.asked)".utf8)) { logits = try engine.step(token) }
    var written: [UInt8] = []
    for _ in 0..<Self.tokenLimit {
      // Of equal ones the smaller, as engines choose.
      guard let best = logits.indices.max(by: { (logits[$0], -$0) < (logits[$1], -$1) }), best != 0 else { break }
      let token = UInt8(truncatingIfNeeded: best)
      written += vocabulary.decode([token])
      if written.contains(UInt8(ascii: "\n")) { break }
      logits = try engine.step(token)
    }
    let line = String(decoding: written.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    return line.hasPrefix(frame.said) ? String(line.dropFirst(frame.said.count)) : line
  }
}
