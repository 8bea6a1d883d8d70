import Basics
import Foundation
import Lineage

/// Changes requests slightly, as people do: one typo, other letters, other marks. The same seed changes the same
/// request in the same way, whatever stands beside it.
public struct Perturber: Sendable {
  private let frame: RequestFrame
  private let typist: Typist
  private let seed: UInt64

  /// - Parameters:
  ///   - frame: is left as it is.
  ///   - knownWords: words that no typo may make of another, in any case: a list's words, a corpus's.
  public init(frame: RequestFrame, knownWords: some Sequence<String>, seed: UInt64) {
    self.frame = frame
    typist = Typist(knownWords: Set(knownWords.flatMap(WordFinder.cut).map(String.init)))
    self.seed = seed
  }

  /// The request with one change of this kind; nil where there is none to make, or the set changes nothing.
  public func perturbed(_ request: String, as set: QuestionSet) -> String? {
    let body = frame.body(of: request)
    var random = generator(body, set)
    let changed: String? =
      switch set {
      case .typo: typist.withTypo(body, &random)
      case .letterCase: Self.pick(Self.otherCases(of: body), &random)
      case .punctuation: Self.pick(Self.otherPunctuation(of: body), &random)
      case .heldOut, .phrasings, .offTopic, .outOfRange: nil
      }
    return changed.map { frame.prefix + $0 + frame.suffix }
  }

  private func generator(_ body: String, _ set: QuestionSet) -> SeededGenerator {
    SeededGenerator(seed: seed).stream(ContentID(of: "\(set.rawValue)\n\(body)").firstBits)
  }

  private static func pick(_ choices: [String], _ random: inout SeededGenerator) -> String? {
    choices.isEmpty ? nil : choices[random.below(choices.count)]
  }

  /// In capitals, and beginning with one; those that differ from the text.
  static func otherCases(of body: String) -> [String] {
    let capitalised = body.prefix(1).uppercased() + body.dropFirst()
    return [body.uppercased(), capitalised].filter { $0 != body }
  }

  /// Without its last mark, with another, or without commas and apostrophes; those that differ from the text.
  static func otherPunctuation(of body: String) -> [String] {
    let marks: Set<Character> = [".", "!", "?"]
    let bare = String(body.reversed().drop { marks.contains($0) }.reversed())
    let plain = body.filter { $0 != "," && $0 != "'" }
    let others = marks.sorted().map { bare + String($0) }
    // Half of the time a mark is missing where there is one: people leave them out more often than they change them.
    let missing = [bare, plain].filter { $0 != body }
    return missing + missing + others.filter { $0 != body }
  }
}
