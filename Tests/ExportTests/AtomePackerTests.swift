import Basics
import Export
import Formats
import Networks
import Testing

@Suite("Export")
struct AtomePackerTests {
  private let checkpointID = ContentID(of: "a checkpoint's file")

  @Test("an ablated model is refused") func ablationsAreRefused() {
    var checkpoint = CheckpointFixture.make(seed: 3)
    checkpoint.settings.ablation = .init(withoutPathways: [.state])
    #expect(throws: HintedError.self) { try AtomePacker().pack(checkpoint, checkpointID: checkpointID) }
  }

  @Test("the image holds the checkpoint's model and its id, and the same checkpoint gives the same bytes")
  func roundTrip() throws {
    let checkpoint = CheckpointFixture.make(seed: 3)
    let packed = try AtomePacker().pack(checkpoint, checkpointID: checkpointID)
    let contents = try AtomeImageFile.read(packed, name: "packed")
    #expect(contents.model == checkpoint.model)
    #expect(contents.trailer?.provenance == checkpointID)
    #expect(try AtomePacker().pack(checkpoint, checkpointID: checkpointID) == packed)
  }

  /// The factor is 1 + s, and 1 / (1 - s) below zero.
  @Test(
    "a scale is the mean magnitude times its factor, and a trit the sign of what is beyond half of that mean",
    arguments: [(0, 1), (0.5, 1.5), (-1, 0.5), (-3, 0.25)])
  func weightsByHand(parameter: Float, scale: Float) throws {
    var checkpoint = CheckpointFixture.make(seed: 4)
    let router = checkpoint.layout.layers[0].router
    // Mean magnitude 1: a half is a tie and rounds to the even 0; the next number beyond is a sign.
    let row: [Float] = [0.5, -0.5, Float(0.5).nextUp, -Float(0.5).nextUp, 2, -2]
    for index in 0..<router.count { checkpoint.parameters[router.offset + index] = row[index % 6] }
    let scaleIndex = try #require(checkpoint.layout.scaleIndex(of: router))
    checkpoint.parameters[scaleIndex] = parameter
    let packed = try AtomePacker().pack(checkpoint, checkpointID: checkpointID)
    let tensor = try AtomeImageFile.read(packed, name: "packed").model.layers[0].router
    #expect(tensor.scale == scale)
    #expect(tensor.trits == (0..<router.count).map { [0, 0, 1, -1, 1, -1][$0 % 6] })
  }

  @Test("a tensor of zeros has the least scale and no signs")
  func zeros() throws {
    var checkpoint = CheckpointFixture.make(seed: 5)
    for index in checkpoint.layout.embedding.range { checkpoint.parameters[index] = 0 }
    checkpoint.parameters[checkpoint.layout.scales.offset] = 0
    let packed = try AtomePacker().pack(checkpoint, checkpointID: checkpointID)
    let embedding = try AtomeImageFile.read(packed, name: "packed").model.embedding
    #expect(embedding.scale == 1e-5)
    #expect(embedding.trits.allSatisfy { $0 == 0 })
  }

  @Test("a parameter that is not finite is refused by name and place", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(value: Float) throws {
    var checkpoint = CheckpointFixture.make(seed: 6)
    let key = checkpoint.layout.layers[1].key
    checkpoint.parameters[key.offset + key.columnCount + 2] = value
    let error = #expect(throws: HintedError.self) {
      try AtomePacker().pack(checkpoint, checkpointID: checkpointID)
    }
    #expect(error?.message.contains("layers.1.key[8]") == true)
  }
}
