import Basics
import Engine
import Export
import Formats
import Model
import Networks
import TestSupport
import Testing

@Suite("Labels of ATOMEQ02, in C and in Swift")
struct LabelSectionTests {
  private static let head = LabelHead(
    labels: [.init(name: "play", token: 200), .init(name: "Wetter é", token: 7), .init(name: "x", token: 201)],
    none: 5, threshold: 0.0415)

  private static func image(_ head: LabelHead = head) -> [UInt8] {
    CompactImageFile.write(
      RandomModel.makeCompact(seed: 4, shape: RandomModel.smallCompact), head: head, provenance: nil)
  }

  /// Where the labels begin.
  private static var start: Int { RandomModel.smallCompact.imageByteCount - 4 }

  private static func seal(_ file: inout [UInt8]) {
    file.set(Int64(CRC32.checksum(file.dropLast(4))), bytes: 4, at: file.count - 4)
  }

  @Test("what is written is read; a threshold becomes the least whole logit that is not below it")
  func roundTrip() throws {
    let read = try #require(try CompactImageFile.read(Self.image(), name: "image").head)
    var expected = Self.head
    // The random model's logits are thousandths of a nat.
    expected.threshold = 42 * Double(Float(0.001))
    #expect(read == expected)
    #expect(try CLabels(image: Self.image()).names == ["play", "Wetter é", "x"])
    let speaking = CompactImageFile.write(
      RandomModel.makeCompact(seed: 4, shape: RandomModel.smallCompact), provenance: nil)
    #expect(try CompactImageFile.read(speaking, name: "image").head == nil)
    #expect(throws: HintedError.self) { try CLabels(image: speaking) }
  }

  @Test("the best label is said from its margin on")
  func choices() throws {
    func choice(_ head: LabelHead, _ scores: [UInt8: Float]) throws -> CLabels.Choice {
      var logits = [Float](repeating: 9999, count: 256)
      for (token, score) in scores { logits[Int(token)] = score }
      return try CLabels(image: Self.image(head)).choice(from: logits)
    }
    let scores: [UInt8: Float] = [200: -30, 7: 12, 201: 11, 5: -30]
    #expect(try choice(Self.head, scores) == .init(label: 1, margin: 42))
    #expect(try choice(Self.head, scores.merging([5: -29]) { $1 }) == .init(label: nil, margin: 41))
    var open = Self.head
    (open.none, open.threshold) = (nil, nil)
    // Above the second best, wherever that stands; of equal ones the first.
    #expect(try choice(open, scores) == .init(label: 1, margin: 1))
    #expect(try choice(open, [200: 4, 7: 1, 201: 2]) == .init(label: 0, margin: 2))
    #expect(try choice(open, [200: 1, 7: 2, 201: 4]) == .init(label: 2, margin: 2))
    #expect(try choice(open, [200: 5, 7: 5, 201: 5]) == .init(label: 0, margin: 0))
    open.threshold = 0.0005
    #expect(try choice(open, [200: 5, 7: 5, 201: 5]).label == nil)
  }

  private static let limits: [FieldLimit] = [
    FieldLimit("size", start, bytes: 2, 28, 27), FieldLimit("size", start, bytes: 2, 28, 32),
    FieldLimit("size", start, bytes: 2, 28, 0), FieldLimit("size", start, bytes: 2, 28, 24),
    FieldLimit("labels", start + 2, bytes: 1, 3, 4), FieldLimit("labels", start + 2, bytes: 1, 3, 2),
    FieldLimit("labels", start + 2, bytes: 1, 3, 1), FieldLimit("labels", start + 2, bytes: 1, 3, 129),
    FieldLimit("none", start + 3, bytes: 1, 0, 200), FieldLimit("none", start + 3, bytes: 1, 6, 10),
    FieldLimit("token", start + 8, bytes: 1, 255, 0), FieldLimit("token", start + 8, bytes: 1, 255, 10),
    FieldLimit("token", start + 8, bytes: 1, 255, 7), FieldLimit("token", start + 8, bytes: 1, 255, 5),
    FieldLimit("length", start + 9, bytes: 1, 4, 0), FieldLimit("length", start + 9, bytes: 1, 4, 255),
    FieldLimit("last length", start + 8 + 6 + 11 + 1, bytes: 1, 1, 2),
  ]

  @Test("a number at its limit is taken, and the next one refused", arguments: limits)
  func numbers(limit: FieldLimit) {
    for (value, isWithin) in [(limit.within, true), (limit.beyond, false)] {
      var file = Self.image()
      limit.put(value, into: &file)
      Self.seal(&file)
      #expect(((try? CCompactEngine(image: file, logitScale: 1, contextLength: 1)) != nil) == isWithin, "C: \(value)")
      #expect(((try? CompactImageFile.read(file, name: "image")) != nil) == isWithin, "Swift: \(value)")
    }
  }

  @Test("damage that no checksum betrays is refused by both readers, or read alike")
  func damage() throws {
    var generator = SeededGenerator(seed: 7)
    var acceptedCount = 0
    for _ in 0..<2000 {
      var file = Self.image()
      for _ in 0...generator.below(2) {
        file[Self.start + generator.below(28)] = UInt8(
          generator.below(2) == 0 ? generator.below(12) : generator.below(256))
      }
      if generator.below(20) == 0 { file.removeLast(1 + generator.below(20)) }
      Self.seal(&file)
      let head = try? CompactImageFile.read(file, name: "image").head
      let labels = try? CLabels(image: file)
      guard let head, let labels else {
        #expect(head == nil && labels == nil, "only \(labels == nil ? "Swift" : "C") accepts")
        continue
      }
      acceptedCount += 1
      #expect(head.labels.map(\.name) == labels.names)
    }
    #expect(acceptedCount > 100 && acceptedCount < 1900)
  }
}
