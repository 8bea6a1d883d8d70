import Basics
import Curation
import Lineage
import Testing

@Suite("Texts that the teacher did not end")
struct TruncationTests {
  private func curated(_ text: String, _ policy: TruncationPolicy, _ reason: FinishReason = .length) throws -> Curation
  {
    var curator = try Curator(settings: CurationSettings(boundary: .wholeAnswer, truncated: policy))
    return curator.curate([
      Sample(promptID: ContentID(of: "p"), promptIndex: 0, text: text, finishReason: reason, model: "m")
    ])
  }

  @Test(
    "the last whole sentence ends the text",
    arguments: [
      ("One. Two. Thr", "One. Two."), ("She said \"Stop!\" and th", "She said \"Stop!\""),
      ("It is 3.5 degrees. An", "It is 3.5 degrees."),
      ("What?! No", "What?!"), ("One. Two.", "One. Two."), ("(It is so.) Bu", "(It is so.)"),
      ("One.\nTwo. 3.5", "One.\nTwo."),
    ])
  func sentences(text: String, left: String) throws {
    #expect(try curated(text, .toLastSentence).documents.map(\.text) == [left])
  }

  @Test("without a whole sentence it is rejected as cut")
  func none() throws {
    for text in ["no end", "3.5", "a.b c.d"] {
      let found = try curated(text, .toLastSentence)
      #expect(found.documents.isEmpty && found.rejectionCounts == [.truncated: 1])
    }
  }

  @Test("kept, it stays as it is; refused, it goes; a filter's cut is never kept")
  func others() throws {
    #expect(try curated("One. Tw", .keep).documents.map(\.text) == ["One. Tw"])
    #expect(try curated("One. Tw", .refuse).rejectionCounts == [.truncated: 1])
    for policy in TruncationPolicy.allCases {
      #expect(try curated("One. Tw", policy, .contentFilter).rejectionCounts == [.filtered: 1])
      #expect(try curated("One. Two.", policy, .stop).documents.map(\.text) == ["One. Two."])
    }
  }

  @Test("a word that nobody knows counts as cut, and is shown")
  func unknownWord() throws {
    let found = try curated("One. Two.", .refuse, .other("pondering"))
    #expect(found.rejections.first?.detail.contains("pondering") == true)
    #expect(found.rejectionCounts == [.truncated: 1])
    #expect(try curated("One. Two.", .refuse, .other("")).documents.count == 1)
  }
}
