import Basics
import CAllocationCount
import Formats
import Foundation
import Lineage
import Networks
import Testing
import Training
import Vocabularies

@Suite("Training on several segmentations of a text")
struct SegmentationTests {
  static let settings = {
    var settings = TrainingFixture.settings
    settings.windows = .anywhere
    settings.segmentationDropout = 0.3
    return settings
  }()

  private static func data(heldOutFraction: Double = 0.1) throws -> TrainingData {
    let text = String(repeating: "The kitchen is warm.\nThe hall is cold, and so is the brown fox.\n", count: 60)
    return try TrainingData(
      bytes: Array(text.utf8), window: settings.windowTokenCount, heldOutFraction: heldOutFraction,
      vocabulary: .learned(marks: []))
  }

  private static func documentData() throws -> TrainingData {
    let vocabulary = try Recipe.VocabularyChoice.learned(marks: []).vocabulary(
      of: Array(DocumentFixture.texts.joined(separator: "\n").utf8))
    func list(_ texts: [String]) throws -> DocumentList {
      try DocumentList(
        texts.enumerated().map {
          TokenDocument(
            text: Array($1.utf8), repeats: 1 + $0 % 5, reply: .afterFirstLine, encode: vocabulary.encode)
        })
    }
    // The last one has several windows.
    let long = (0..<12).map { "it is \($0) degrees" }.joined(separator: "; ")
    return try TrainingData(
      train: list(DocumentFixture.texts + [long]), heldOut: list(["> hot\n< No."]), window: settings.windowTokenCount,
      vocabulary: vocabulary)
  }

  private static func trainer(_ settings: TrainingSettings, isText: Bool = true) throws -> Trainer<AtomeShape> {
    var settings = settings
    if !isText { settings.windows = .documents }
    return try Trainer(
      shape: TrainingFixture.shape, settings: settings, data: isText ? data() : documentData(), threadCount: 1)
  }

  private static func bytes(_ change: (inout TrainingSettings) -> Void = { _ in }, isText: Bool) throws -> [UInt8] {
    var settings = settings
    change(&settings)
    let trainer = try trainer(settings, isText: isText)
    try trainer.run()
    return try trainer.checkpoint().encoded()
  }

  @Test("A run that is resumed at any step meets the same segmentations", arguments: 0...11, [true, false])
  func resumed(stop: Int, isText: Bool) throws {
    let stopped = try Self.trainer(Self.settings, isText: isText)
    for _ in 0..<stop { _ = try stopped.advance() }
    let saved = try Checkpoint(decoding: stopped.checkpoint().encoded(), name: "saved")
    let resumed = try Trainer(
      resuming: saved, data: isText ? Self.data() : Self.documentData(), threadCount: 2)
    try resumed.run()
    #expect(try resumed.checkpoint().encoded() == Self.bytes(isText: isText))
  }

  /// The parameters of a run.
  private static func learned(_ probability: Float?, isText: Bool) throws -> [Float] {
    var settings = settings
    settings.segmentationDropout = probability
    let trainer = try trainer(settings, isText: isText)
    for _ in 0..<6 { _ = try trainer.advance() }
    return trainer.checkpoint().parameters
  }

  @Test("Passing nothing over learns what a plain run learns; passing something over learns something else")
  func probabilities() throws {
    let plain = try Self.learned(nil, isText: true)
    #expect(try Self.learned(0, isText: true) == plain)
    #expect(try Self.learned(0.3, isText: true) != plain)
    #expect(try Self.learned(0.3, isText: false) != Self.learned(nil, isText: false))
    #expect(try Self.learned(0.3, isText: true) != Self.learned(0.2, isText: true))
  }

  @Test("What is held out is measured in its plain segmentation")
  func heldOut() throws {
    let (plain, varied) = (try Self.trainer(TrainingFixture.settings), try Self.trainer(Self.settings))
    #expect(try plain.heldOutWindowNats() == varied.heldOutWindowNats())
  }

  @Test("Bytes have one segmentation: to ask for more is an error, as is a probability that is none")
  func refusals() throws {
    #expect(throws: HintedError.self) {
      try Trainer(
        shape: TrainingFixture.shape, settings: Self.settings, data: TrainingFixture.data(), threadCount: 1)
    }
    for wrong: Float in [-0.1, 1.5, .nan] {
      var settings = Self.settings
      settings.segmentationDropout = wrong
      #expect(throws: HintedError.self) { try settings.validate() }
    }
  }

  @Test("A checkpoint without the setting is read, and one with it keeps it")
  func checkpoints() throws {
    let saved = try Self.trainer(Self.settings).checkpoint()
    #expect(try Checkpoint(decoding: saved.encoded(), name: "saved").settings.segmentationDropout == 0.3)
    var old = saved
    old.settings.segmentationDropout = nil
    let bytes = try old.encoded()
    #expect(bytes.firstRange(of: Array("segmentation".utf8)) == nil)
    #expect(try Checkpoint(decoding: bytes, name: "old").settings.segmentationDropout == nil)
  }

  @Test(
    "A step allocates nothing",
    .enabled(if: alambic_counts_allocations(), "allocations are counted on Linux with glibc only"),
    arguments: [true, false])
  func stepAllocatesNothing(isText: Bool) throws {
    var settings = Self.settings
    settings.stepCount = 1000
    let trainer = try Self.trainer(settings, isText: isText)
    // Documents: until the longest one has been met in its longest form.
    for _ in 0..<60 { _ = try trainer.advance() }
    let before = alambic_allocation_count()
    for _ in 0..<10 { _ = try trainer.advance() }
    #expect(alambic_allocation_count() - before == 0)
  }
}

@Suite("Windows that lie evenly over a document")
struct SpreadWindowsTests {
  @Test("Each token but the first is predicted and counted once, in as many windows as were asked for")
  func counts() {
    for size in [2, 3, 4, 7, 24] {
      let windows = DocumentWindows(windowTokenCount: size)
      for tokenCount in 2...120 {
        for count in 1...12 {
          let cuts = (0..<count).compactMap { windows.spread($0, of: count, ofTokens: tokenCount) }
          guard !cuts.isEmpty else { continue }
          #expect(cuts.count == count)
          let counted = cuts.flatMap { $0.range.lowerBound + 1 + $0.countedStart..<$0.range.upperBound }
          #expect(counted == Array(1..<tokenCount), "\(tokenCount) tokens in \(count) windows of \(size)")
          #expect(cuts.allSatisfy { $0.range.count <= size && $0.countedStart < $0.range.count - 1 })
        }
      }
    }
  }

  @Test("A document that as many windows hold by overlapping gets them, and one token more does not")
  func limits() {
    let windows = DocumentWindows(windowTokenCount: 8)
    #expect(windows.spread(0, of: 1, ofTokens: 8) != nil && windows.spread(0, of: 1, ofTokens: 9) == nil)
    // Three windows reach over 8 + 7 + 7 tokens, and count nothing twice from 8 + 1 + 1 on.
    #expect(windows.spread(2, of: 3, ofTokens: 22) != nil && windows.spread(2, of: 3, ofTokens: 23) == nil)
    #expect(windows.spread(2, of: 3, ofTokens: 10) != nil && windows.spread(2, of: 3, ofTokens: 9) == nil)
  }
}
