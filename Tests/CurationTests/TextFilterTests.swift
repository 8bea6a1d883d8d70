import Basics
import Curation
import Lineage
import Testing

@Suite("Filters")
struct TextFilterTests {
  private func reason(_ text: String, _ filters: TextFilters) throws -> RejectionReason? {
    var settings = CurationSettings(boundary: .wholeAnswer, characters: .keep)
    settings.filters = filters
    var curator = try Curator(settings: settings)
    let sample = Sample(
      promptID: ContentID(of: "p"), promptIndex: 0, text: text, finishReason: .stop, model: "m")
    guard case .rejected(let rejection) = curator.verdicts(on: sample).first else { return nil }
    return rejection.reason
  }

  @Test("one pattern to accept is enough, and one to reject, too; lines have ends")
  func patterns() throws {
    var filters = TextFilters()
    (filters.accept, filters.reject) = (["^> .*\\n< ", "^Q:"], ["(?i)kitchen", "\\d{3}$"])
    #expect(try reason("> on\n< yes", filters) == nil && reason("Q: a", filters) == nil)
    #expect(try reason("x > on\n< yes", filters) == .notAccepted)
    #expect(try reason("> on\n< the Kitchen", filters) == .pattern && reason("Q: 123\nmore", filters) == .pattern)
    filters.accept = ["("]
    #expect(throws: HintedError.self) { try reason("a", filters) }
  }

  @Test("words of the blocklist are whole words, in any case")
  func blocklist() throws {
    var filters = TextFilters()
    filters.blocklist = ["Ass", "new york"]
    #expect(try reason("an ass.", filters) == .blocked && reason("In NEW YORK!", filters) == .blocked)
    #expect(try reason("a class", filters) == nil && reason("a grass assay", filters) == nil)
  }

  @Test(
    "assistants' talk",
    arguments: [
      ("Sure! Here are five examples:", true), ("Here's a story about a cat.", true), ("> say ```\n< off", true),
      ("The fan is on. Let me know if you need anything else!", true), ("<think>hm</think> yes", true),
      ("> is it on?\n< Sure, it is on.", false), ("Here and there it rained.", false), ("She was sure of it.", false),
      ("Let me know if it rains, said the cat. Then she slept.", false),
    ])
  func chatter(text: String, isRefused: Bool) throws {
    var filters = TextFilters()
    filters.refusesChatter = true
    #expect(try reason(text, filters) == (isRefused ? .chatter : nil))
  }

  @Test("texts that go round in circles")
  func repetition() throws {
    var filters = TextFilters()
    filters.refusesRepetition = true
    let loop = Array(repeating: "and then he went home", count: 6).joined(separator: " ")
    #expect(try reason(loop, filters) == .repetition && reason("yes\nno\nyes\nmaybe\nyes", filters) == .repetition)
    #expect(
      try reason("He ran, he ran, he ran! The dog saw him and barked at the old tree by the lake.", filters) == nil)
    #expect(try reason("on on on", filters) == nil)
    // Just half of the words repeat, then more.
    let half = "one two three four five six one two three four five six"
    #expect(try reason(half, filters) == nil && reason("\(half) one", filters) == .repetition)
  }

  @Test(
    "personal data by its form",
    arguments: [
      ("write to jo.doe+x@example.co.uk now", true), ("call +49 30 1234567", true), ("call (555) 123-4567 x", true),
      ("4111 1111 1111 1111", true), ("5555 5555 5555 4444", true), ("sk-abcdefghijklmnop1234", true),
      ("AKIAABCDEFGHIJKLMNOP", true),
      ("-----BEGIN RSA PRIVATE KEY-----", true), ("at 10:30 on 2026-11-29 in room 1234", false),
      ("4111 1111 1111 1112 is none", false), ("pi is 3.14159265358979", false), ("me @home", false),
      ("set it to 21.5 C, then 22", false), ("on 29.11.2026 12 13", false),
    ])
  func personalData(text: String, isRefused: Bool) throws {
    var filters = TextFilters()
    filters.refusesPersonalData = true
    #expect(try reason(text, filters) == (isRefused ? .personalData : nil))
  }
}
