import Basics
import Curation
import Lineage
import Similarity
import Testing

@Suite("People's decisions, curation's last filter")
struct DecisionsTests {
  private static let settings = CurationSettings(byteCounts: 4...40, heldOutFraction: 0.5)

  private func decision(
    _ number: Int, _ ruling: Decision.Ruling, _ text: String, reason: String = "", to newText: String? = nil
  ) -> Decision {
    Decision(
      number: number, corpus: "c", textID: ContentID(of: text), ruling: ruling, reason: reason, newText: newText)
  }

  private func curate(_ texts: [String], _ decisions: [Decision]) throws -> Curation {
    var curator = try Curator(settings: Self.settings)
    let curation = curator.curate(texts.enumerated().map { sample($1, index: $0) })
    return Decisions(decisions, characters: .foldPunctuation).applied(
      to: curation, splitter: DocumentSplitter(heldOutFraction: 0.5, seed: 0))
  }

  @Test("a rejected text is refused with the person's words, and the counts add up")
  func reject() throws {
    let curation = try curate(["Warm.", "Cold.", "Warm.", "hot"], [decision(1, .reject, "Warm.", reason: "too short")])
    #expect(curation.documents.map(\.text) == ["Cold."])
    #expect(curation.rejectionCounts == [.reviewed: 1, .duplicate: 1, .tooShort: 1])
    let rejection = try #require(curation.rejections.first { $0.reason == .reviewed })
    #expect(rejection.detail == "too short" && rejection.text == "Warm." && rejection.matchedDocumentID == nil)
    #expect(curation.rejections.count + curation.documents.count == 4)
  }

  @Test("of two decisions about a text the newer one counts, in either order")
  func newer() throws {
    let (older, newer) = (decision(1, .reject, "Warm."), decision(2, .accept, "Warm."))
    for decisions in [[older, newer], [newer, older]] {
      #expect(try curate(["Warm."], decisions).documents.map(\.text) == ["Warm."])
    }
  }

  @Test("an edited text keeps its place, its lineage, its side and its count, and is normalised")
  func edit() throws {
    let texts = ["Warm.", "Cold.", "Cold.", "Mild."]
    let before = try curate(texts, [])
    let after = try curate(texts, [decision(1, .edit, "Cold.", to: "It\u{2019}s cold. \r\n")])
    #expect(after.documents.map(\.text) == ["Warm.", "It's cold.", "Mild."])
    #expect(after.documents.map(\.sampleID) == before.documents.map(\.sampleID))
    #expect(after.documents.map(\.split) == before.documents.map(\.split))
    #expect(after.documents.map(\.repeats) == [1, 2, 1])
    #expect(after.documents[1].id == ContentID(of: "It's cold."))
  }

  @Test("a text that is edited into another one is its duplicate, and is counted")
  func collision() throws {
    let curation = try curate(["Warm.", "Cold.", "Mild."], [decision(1, .edit, "Mild.", to: "Warm.")])
    #expect(curation.documents.map(\.text) == ["Warm.", "Cold."])
    #expect(curation.documents.map(\.repeats) == [2, 1])
    #expect(curation.rejections.map(\.reason) == [.duplicate])
    #expect(curation.rejections[0].matchedDocumentID == ContentID(of: "Warm."))
    let earlier = try curate(["Warm.", "Cold."], [decision(1, .edit, "Warm.", to: "Cold.")])
    #expect(earlier.documents.map(\.text) == ["Cold."] && earlier.documents[0].repeats == 2)
  }

  @Test("what a filter refused comes back when a person accepts or edits it, behind the others")
  func rescue() throws {
    let curation = try curate(
      ["hot", "Cold.", "ice"], [decision(1, .accept, "hot"), decision(2, .edit, "ice", to: "It is icy.")])
    #expect(curation.documents.map(\.text) == ["Cold.", "hot", "It is icy."])
    #expect(curation.rejections.isEmpty && curation.rejectionCounts.isEmpty)
    #expect(try curate([""], [decision(1, .accept, "")]).documents.isEmpty)
    // A byte that no document can hold stays outside, whoever wants it.
    #expect(try curate(["a\u{0}bcdef"], [decision(1, .accept, "a\u{0}bcdef")]).documents.isEmpty)
  }

  @Test("a decision about an edited text follows the edit, and edits in a circle end")
  func chains() throws {
    let edit = decision(1, .edit, "Warm.", to: "Hot one.")
    #expect(try curate(["Warm."], [edit, decision(2, .reject, "Hot one.")]).documents.isEmpty)
    #expect(
      try curate(["Warm."], [edit, decision(2, .edit, "Hot one.", to: "Hot two.")]).documents.map(\.text)
        == ["Hot two."])
    #expect(
      try curate(["Warm."], [edit, decision(2, .edit, "Hot one.", to: "Warm.")]).documents.map(\.text) == ["Warm."])
    // What was decided about that text before does not follow.
    #expect(
      try curate(["Warm."], [decision(1, .reject, "Hot one."), decision(2, .edit, "Warm.", to: "Hot one.")])
        .documents.map(\.text) == ["Hot one."])
  }

  @Test("whatever is decided, every text is kept or refused once, and no document stands twice", arguments: 0..<200)
  func counts(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let words = ["hot", "Warm.", "Cold.", "Mild.", "It is so.", "It is not so.", "ice", "", "a\u{0}bcdef"]
    func word() -> String { words[generator.below(words.count)] }
    let texts = (0..<12).map { _ in word() }
    let decisions = (1..<8).map { number in
      let ruling = Decision.Ruling.allCases[generator.below(3)]
      return decision(number, ruling, word(), to: ruling == .edit ? word() + "!" : nil)
    }
    let (before, after) = (try curate(texts, []), try curate(texts, decisions))
    #expect(after.documents.count + after.rejections.count == texts.count)
    #expect(after.rejectionCounts.values.reduce(0, +) == after.rejections.count)
    #expect(Set(after.documents.map(\.id)).count == after.documents.count)
    #expect(after.documents.allSatisfy { $0.id == ContentID(of: $0.text) && !$0.text.isEmpty })
    let sides = Dictionary(before.documents.map { ("\($0.sampleID) \($0.indexInSample)", $0.split) }) { $1 }
    for document in after.documents {
      let side = sides["\(document.sampleID) \(document.indexInSample)"]
      #expect(side == nil || side == document.split)
    }
  }

  @Test("the receipt names exactly what decides the documents")
  func receipt() throws {
    func settings(_ decisions: [Decision]) throws -> [String: String] { try Decisions(decisions).receiptSettings }
    #expect(try settings([]).isEmpty)
    let (first, second) = (decision(1, .reject, "a", reason: "x"), decision(2, .edit, "b", to: "c"))
    let both = try settings([first, second])
    #expect(both.count == 1)
    #expect(try settings([second, first]) == both)
    // Numbers of other corpora's decisions lie between, and times pass.
    #expect(try settings([decision(7, .reject, "a", reason: "x"), decision(9, .edit, "b", to: "c")]) == both)
    let others = [
      [first], [decision(1, .reject, "a", reason: "y"), second], [decision(1, .accept, "a", reason: "x"), second],
      [first, decision(2, .edit, "b", to: "d")],
    ]
    #expect(Set(try others.map(settings) + [both]).count == others.count + 1)
  }
}
