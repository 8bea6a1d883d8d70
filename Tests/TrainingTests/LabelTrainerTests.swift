import Basics
import Formats
import Foundation
import Lineage
import Networks
import Testing
import Training

@Suite("Training classifiers")
struct LabelTrainerTests {
  private static let shape = CompactShape(modelWidth: 8, layerCount: 1, stateWidth: 8, gateCount: 2, hiddenWidth: 8)
  private static let head = LabelHead(
    labels: [.init(name: "letter", token: 1), .init(name: "digit", token: 2)], none: 3)

  private static func document(_ text: String, _ token: UInt8) -> TokenDocument {
    let tokens = Array(text.utf8) + [LabelHead.end]
    return TokenDocument(tokens: tokens + [token], replyStart: tokens.count)
  }

  private static func data() throws -> TrainingData {
    let train = try DocumentList(
      ["ab", "ba", "aab", "bbab"].map { document($0, 1) } + ["12", "21", "112", "2"].map { document($0, 2) }
        + ["--", "-"].map { document($0, 3) })
    let heldOut = try DocumentList([document("aba", 1), document("122", 2), document("---", 3)])
    return try TrainingData(train: train, heldOut: heldOut, window: 16)
  }

  private static func settings(_ head: LabelHead = head) -> TrainingSettings {
    var settings = TrainingSettings.compact
    (settings.windows, settings.promptWeight, settings.windowTokenCount) = (.documents, 0, 16)
    (settings.stepCount, settings.batchCount, settings.warmUpStepCount) = (120, 4, 10)
    settings.head = head
    return settings
  }

  @Test("labels are learned, their bits are said a label, and threads change no byte")
  func learned() throws {
    func trained(_ threadCount: Int) throws -> (Trainer<CompactShape>, before: Double) {
      let trainer = try Trainer(
        shape: Self.shape, settings: Self.settings(), data: Self.data(), threadCount: threadCount)
      let before = try trainer.heldOutLoss().bitsPerByte
      try trainer.run()
      return (trainer, before)
    }
    let (one, before) = try trained(1)
    // Untrained, three labels take log2(3) bits and some.
    #expect(before > 1 && before < 4)
    let loss = try one.heldOutLoss()
    #expect(loss.bitsPerByte < 0.3 && loss.replyBitsPerByte == loss.bitsPerByte)
    #expect(try trained(3).0.checkpoint().encoded() == one.checkpoint().encoded())
  }

  @Test("a label's weight changes what is learned; the checkpoint remembers all labels")
  func weights() throws {
    var weighted = Self.head
    weighted.labels[0].weight = 4
    weighted.threshold = 1.5
    func checkpoint(_ head: LabelHead) throws -> TrainingCheckpoint<CompactShape> {
      let trainer = try Trainer(shape: Self.shape, settings: Self.settings(head), data: Self.data())
      try trainer.run()
      return trainer.checkpoint()
    }
    let (plain, own) = (try checkpoint(Self.head), try checkpoint(weighted))
    #expect(plain.parameters != own.parameters)
    let read = try TrainingCheckpoint<CompactShape>(decoding: own.encoded(), name: "own")
    #expect(read.settings.head == weighted)
  }

  @Test("what cannot be told apart, or goes with no classifier, is refused")
  func refusals() {
    func refuses(_ change: (inout TrainingSettings) -> Void) {
      var settings = Self.settings()
      change(&settings)
      #expect(throws: HintedError.self) { try settings.validate() }
    }
    refuses { $0.head?.labels.removeLast() }
    refuses { $0.head?.labels[1].token = 1 }
    refuses { $0.head?.labels[1].name = "letter" }
    refuses { $0.head?.labels[1].name = "" }
    refuses { $0.head?.labels[1].name = String(repeating: "x", count: 256) }
    refuses { $0.head?.labels[1].token = LabelHead.end }
    refuses { $0.head?.labels[1].token = 0 }
    refuses { $0.head?.none = 2 }
    refuses { $0.head?.labels[0].weight = -1 }
    refuses { $0.head?.threshold = .nan }
    refuses { $0.segmentationDropout = 0.1 }
    refuses { ($0.windows, $0.promptWeight) = (.anywhere, nil) }
    refuses {
      $0.head?.labels = (0..<129).map { LabelHead.Label(name: "\($0)", token: UInt8($0 + 20)) }
    }
  }
}
