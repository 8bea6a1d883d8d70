import Lineage

/// A reply is right when it is the corpus's own, or when every word of the lists that the request names comes back.
///
/// It sees neither grammar nor sense. Where a request names nothing, any other reply is undecided, which is not right:
/// otherwise a student that says anything at all would have a fine score.
public struct SlotJudge: ReplyJudge {
  public let kind = Recipe.Examination.Judge.slots
  private let slots: [(name: String, finder: WordFinder)]
  private let refusals: RefusalMarks

  /// - Parameter lists: a slot's name and its words or phrases.
  public init(lists: [String: [String]], refusals: RefusalMarks = RefusalMarks()) {
    slots = lists.sorted { $0.key < $1.key }.map { ($0.key, WordFinder($0.value)) }
    self.refusals = refusals
  }

  public func judge(_ question: Question, reply: String) -> Judgement {
    if let judgement = refusals.judgement(question, reply: reply) { return judgement }
    guard reply.contains(where: { $0.isLetter || $0.isNumber }) else { return Judgement(.malformed) }
    let found = slots.flatMap { slot in
      let echoed = Set(slot.finder.words(in: reply))
      return slot.finder.words(in: question.meant).map {
        Judgement.Slot(name: slot.name, value: $0, isEchoed: echoed.contains($0))
      }
    }
    if question.expects(reply) { return Judgement(.right, slots: found) }
    guard !found.isEmpty else { return Judgement(.undecided) }
    return Judgement(found.allSatisfy(\.isEchoed) ? .right : .wrongSlot, slots: found)
  }
}

/// Finds the words and phrases of a list in a text, whole words only, the longest first, in any case.
struct WordFinder: Sendable {
  /// By their own words in lower case: `["living", "room"]` to `living room`.
  private let phrases: [[Substring]: String]
  private let longestWordCount: Int

  init(_ list: [String]) {
    var phrases: [[Substring]: String] = [:]
    for phrase in list { phrases[Self.cut(phrase)] = phrase }
    phrases[[]] = nil
    self.phrases = phrases
    longestWordCount = phrases.keys.map(\.count).max() ?? 0
  }

  /// Each phrase once, in the order of the text. What belongs to a longer phrase is no phrase of its own.
  func words(in text: String) -> [String] {
    let words = Self.cut(text)
    var found: [String] = []
    var index = 0
    while index < words.count {
      let lengths = (1...max(1, longestWordCount)).reversed().filter { index + $0 <= words.count }
      let length = lengths.first { phrases[Array(words[index..<index + $0])] != nil }
      if let length, let phrase = phrases[Array(words[index..<index + length])], !found.contains(phrase) {
        found.append(phrase)
      }
      index += length ?? 1
    }
    return found
  }

  /// Letters and digits between anything else; a point between digits belongs to its number.
  static func cut(_ text: String) -> [Substring] {
    let characters = Array(text.lowercased())
    let isWord = characters.indices.map { index in
      if characters[index].isLetter || characters[index].isNumber { return true }
      return characters[index] == "." && index > 0 && index + 1 < characters.count
        && characters[index - 1].isNumber && characters[index + 1].isNumber
    }
    return characters.indices.split { !isWord[$0] }.map { Substring(String(characters[$0.startIndex..<$0.endIndex])) }
  }
}
