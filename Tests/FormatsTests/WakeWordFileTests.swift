import Basics
import Formats
import Foundation
import Lineage
import Networks
import TestSupport
import Testing

@Suite("Settings of a wake word")
struct WakeWordFileTests {
  private static let file = WakeWordFile(image: ContentID(of: "x"), word: "alambic", threshold: -12, pause: 31)

  @Test("are read as they were written, and C gets the same numbers")
  func roundTrip() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(try CanonicalJSON.pretty(Self.file), to: "\(folder)/w.json")
      #expect(try WakeWordFile(reading: "\(folder)/w.json") == Self.file)
    }
    let header = Self.file.cHeader(
      of: CompactShape(modelWidth: 24, layerCount: 2, stateWidth: 48, gateCount: 12, hiddenWidth: 40, passCount: 3))
    #expect(header.contains("{.threshold = -12, .pause = 31u};"))
    #expect(header.contains("#define WAKE_MEMORY_WORDS ATOME_COMPACT_MEMORY_WORDS(24, 2, 48, 12, 40, 3)"))
  }

  @Test(
    "with another schema or a number outside its limits are refused by name",
    arguments: [
      (#""pause" : 31"#, #""pause" : -1"#, "pause: -1, outside 0…100000"),
      (#""pause" : 31"#, #""pause" : 100001"#, "pause: 100001, outside 0…100000"),
      ("alambic.wake-word/1", "alambic.wake-word/2", "'alambic.wake-word/2', where"),
      (#""threshold" : -12"#, #""threshold" : 2147483648"#, "a number does not fit its field"),
    ])
  func refusals(old: String, new: String, message: String) async throws {
    try await withTemporaryFolder { folder in
      let text = try CanonicalJSON.pretty(Self.file)
      #expect(text.contains(old))
      try AtomicFile.write(text.replacing(old, with: new), to: "\(folder)/w.json")
      let error = #expect(throws: HintedError.self) { try WakeWordFile(reading: "\(folder)/w.json") }
      #expect(error?.message.contains(message) ?? false, "\(String(describing: error))")
    }
  }
}
