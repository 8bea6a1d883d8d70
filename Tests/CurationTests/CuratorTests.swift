import Basics
import Curation
import Lineage
import Testing

@Suite("Curator")
struct CuratorTests {
  @Test("An answer is cut at blank lines, and its documents know where they came from")
  func documents() throws {
    var curator = try Curator(settings: CurationSettings())
    let answer = sample("The heat is on.\r\nWarmer?\r\n \t\r\nIt is off.  \n\n\n")
    let curation = curator.curate([answer])
    #expect(curation.documents.map(\.text) == ["The heat is on.\nWarmer?", "It is off."])
    #expect(curation.documents.map(\.indexInSample) == [0, 1])
    #expect(curation.documents.allSatisfy { $0.sampleID == answer.id && $0.id == ContentID(of: $0.text) })
    #expect(curation.rejections.isEmpty)
  }

  @Test(
    "Characters that another program broke are mended",
    arguments: [
      ("it\u{E2}\u{20AC}\u{2122}s warm", ["it's warm"]), ("one\u{97}two\n\nthree", ["one--two", "three"]),
      ("wait\u{85} now\nhere", ["wait... now\nhere"]), ("wait\u{85}\u{93}now\u{94}", ["wait...\"now\""]),
      // Where it is the only line end, it is one.
      ("one\u{85}two\u{85}\u{85}three", ["one\ntwo", "three"]),
      ("\u{C3} la carte, \u{E2}ge", ["\u{C3} la carte, \u{E2}ge"]),
    ] as [(String, [String])])
  func repairs(answer: String, documents: [String]) throws {
    var curator = try Curator(settings: CurationSettings())
    #expect(curator.curate([sample(answer)]).documents.map(\.text) == documents)
  }

  @Test("A duplicate names the document that was there first, even when only its punctuation differs")
  func duplicates() throws {
    var curator = try Curator(settings: CurationSettings())
    let curation = curator.curate([sample("It\u{2019}s warm.", index: 0), sample(" It's warm. \n", index: 1)])
    let kept = try #require(curation.documents.first)
    #expect(curation.documents.count == 1)
    #expect(curation.rejectionCounts == [.duplicate: 1])
    #expect(curation.rejections.first?.matchedDocumentID == kept.id)
  }

  @Test("A document knows how often it was said, whatever stands between; other refusals do not count")
  func repeats() throws {
    var curator = try Curator(settings: CurationSettings(byteCounts: 4...20))
    let texts = ["Warm.", "Cold.", "Warm.", "hot", "hot", "Warm. ", "New."]
    let curation = curator.curate(texts.enumerated().map { sample($1, index: $0) })
    #expect(curation.documents.map(\.text) == ["Warm.", "Cold.", "New."])
    #expect(curation.documents.map(\.repeats) == [3, 1, 1])
    #expect(curation.rejectionCounts == [.duplicate: 2, .tooShort: 2])
  }

  @Test(
    "What a code fence holds is the answer, and the talk around it is refused",
    arguments: [
      ("Sure! Here you are:\n\n```\n> on\n< off\n```\n\nTell me if you need more.", ["> on\n< off"], 2),
      ("```text\n> on\n< off\n\n> up\n< 20\n```", ["> on\n< off", "> up\n< 20"], 0),
      ("One:\n```\n> on\n< off\n```\nTwo:\n  ```\n> up\n< 20\n  ```\n", ["> on\n< off", "> up\n< 20"], 2),
      // A fence among many exchanges holds one of them, and is refused alone.
      ("> on\n< off\n\n> up\n< 20\n\n```\n> no\n```", ["> on\n< off", "> up\n< 20"], 1),
      ("> say ``` x\n< no", [], 1),
      // Cut inside the fence: the last exchange is not whole.
      ("Sure:\n```\n> on\n< off\n\n> u", ["> on\n< off"], 2),
    ] as [(String, [String], Int)])
  func fences(answer: String, documents: [String], refusedCount: Int) throws {
    var settings = CurationSettings()
    settings.filters.refusesChatter = true
    var curator = try Curator(settings: settings)
    let isCut = answer.hasSuffix("> u")
    let curation = curator.curate([sample(answer, finishReason: isCut ? .length : .stop)])
    #expect(curation.documents.map(\.text) == documents && curation.rejections.count == refusedCount, "\(curation)")
    let talk = curation.rejections.count { $0.reason == .chatter }
    #expect(talk == (isCut ? 1 : refusedCount), "\(curation.rejections)")
    // Each piece of an answer has a number of its own.
    let numbers = curation.documents.map(\.indexInSample) + curation.rejections.map(\.indexInSample)
    #expect(numbers.sorted() == Array(numbers.indices))
    // Where talk may stay, the answer is as it was.
    var plain = try Curator(settings: CurationSettings())
    #expect(plain.curate([sample(answer)]).documents.contains { $0.text.contains("```") })
  }

  @Test("Texts of the least and the most bytes are kept, and those with one less or more refused")
  func lengths() throws {
    var curator = try Curator(settings: CurationSettings(byteCounts: 4...20))
    let texts = [3, 4, 20, 21].map { String(repeating: "x", count: $0) }
    let curation = curator.curate(texts.enumerated().map { sample($1, index: $0) })
    #expect(curation.documents.map(\.text.utf8.count) == [4, 20])
    #expect(curation.rejectionCounts == [.tooShort: 1, .tooLong: 1])
  }

  @Test("Texts that differ in case are different texts")
  func letterCase() throws {
    var curator = try Curator(settings: CurationSettings())
    let curation = curator.curate([sample("Warm it.", index: 0), sample("warm it.", index: 1)])
    #expect(curation.documents.map(\.text) == ["Warm it.", "warm it."])
  }

  @Test("Only the last document of a truncated answer is refused")
  func truncated() throws {
    var curator = try Curator(settings: CurationSettings())
    let verdicts = curator.verdicts(on: sample("One.\n\nTwo.\n\nThr", finishReason: .length))
    #expect(verdicts.map(\.reason) == [nil, nil, "truncated"])
  }

  @Test("An answer cut right behind a separator loses nothing")
  func truncatedBehindSeparator() throws {
    var curator = try Curator(settings: CurationSettings(boundary: .separator("<|endoftext|>")))
    let verdicts = curator.verdicts(on: sample("One.<|endoftext|>\nTwo.<|endoftext|>", finishReason: .length))
    #expect(verdicts.map { $0.document?.text } == ["One.", "Two."])
  }

  @Test(
    "Each reason is found, and says what and where",
    arguments: [
      ("", FinishReason.stop, "empty", "the answer holds no text"),
      (" \n\u{FEFF}\r\n", .stop, "empty", "the answer holds no text"),
      ("warm", .length, "truncated", "the teacher's token limit cut the answer here"),
      ("warm", .contentFilter, "filtered", "the teacher's content filter stopped the answer here"),
      ("warm\u{0}er", .stop, "control-character", "U+0000 at byte 4"),
      ("warm\u{81}er", .stop, "control-character", "U+0081 at byte 4"),
      ("é\u{FFFD} warm", .stop, "replacement-character", "U+FFFD at byte 2"),
      ("20 \u{B0}C, warm", .stop, "non-ascii", "U+00B0 at byte 3"),
      ("hot", .stop, "too-short", "3 bytes, at least 4"),
      ("a very hot room", .stop, "too-long", "15 bytes, at most 12"),
    ])
  func reasons(text: String, finishReason: FinishReason, reason: String, detail: String) throws {
    var settings = CurationSettings(boundary: .wholeAnswer, byteCounts: 4...12)
    settings.characters = reason == "non-ascii" ? .ascii : .foldPunctuation
    var curator = try Curator(settings: settings)
    let verdicts = curator.verdicts(on: sample(text, finishReason: finishReason))
    guard case .rejected(let rejection)? = verdicts.first, verdicts.count == 1 else {
      Issue.record("expected one rejection, got \(verdicts)")
      return
    }
    #expect(rejection.reason.rawValue == reason)
    #expect(rejection.detail == detail)
  }

  @Test("No accepted text holds the byte that separates documents")
  func separatorByte() throws {
    for policy in CharacterPolicy.allCases {
      var curator = try Curator(settings: CurationSettings(characters: policy))
      let verdict = curator.verdicts(on: sample("a\u{0}b"))
      #expect(verdict.map(\.reason) == ["control-character"])
    }
  }

  @Test("Answer by answer and all at once are the same")
  func streaming() throws {
    let samples = (0..<40).map { sample("Room \($0 % 9).\n\nIt is \($0) degrees.", index: $0) }
    var whole = try Curator(settings: CurationSettings(seed: 3))
    var piecewise = whole
    var curation = Curation()
    for verdict in samples.flatMap({ piecewise.verdicts(on: $0) }) { curation.record(verdict) }
    #expect(whole.curate(samples) == curation)
    #expect(curation.rejectionCounts[.duplicate] == 31)
    #expect(curation.documents.count == 49)
  }

  @Test("Settings that cannot be followed are refused before any work")
  func badSettings() {
    #expect(throws: HintedError.self) { try Curator(settings: CurationSettings(boundary: .separator(""))) }
    #expect(throws: HintedError.self) { try Curator(settings: CurationSettings(byteCounts: 0...9)) }
    #expect(throws: HintedError.self) { try Curator(settings: CurationSettings(heldOutFraction: 1.5)) }
    #expect(throws: HintedError.self) { try Curator(settings: CurationSettings(heldOutFraction: .nan)) }
  }

  @Test("Every setting changes the receipt")
  func receipt() {
    let plain = CurationSettings().receiptSettings
    let changed = CurationSettings(
      boundary: .separator("--"), characters: .ascii, byteCounts: 2...3, heldOutFraction: 0.2, seed: 9
    ).receiptSettings
    #expect(Set(plain.keys) == Set(changed.keys))
    for (name, value) in plain where name != "repeats" { #expect(changed[name] != value, "\(name)") }
  }
}
