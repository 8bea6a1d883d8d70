import Basics
import Formats
import Networks
import TestSupport
import Testing
import Training

@Suite struct CheckpointTests {
  @Test func fileRoundTrips() async throws {
    let checkpoint = try TrainingFixture.checkpoint(steps: 2)
    try await withTemporaryFolder { folder in
      try checkpoint.write(to: "\(folder)/a.checkpoint")
      #expect(try Checkpoint(readingFrom: "\(folder)/a.checkpoint") == checkpoint)
    }
  }

  @Test func everyTruncationIsRefused() throws {
    let bytes = try TrainingFixture.checkpoint(steps: 1).encoded()
    // Every length near the start and the end, and some between.
    let lengths = Array(0..<64) + Array(stride(from: 64, to: bytes.count, by: 4999)) + [bytes.count - 1]
    for length in lengths {
      #expect(throws: HintedError.self, "length \(length)") {
        try Checkpoint(decoding: Array(bytes[..<length]), name: "cut")
      }
    }
    #expect(throws: HintedError.self) { try Checkpoint(decoding: bytes + [0], name: "longer") }
  }

  @Test func everyFlippedBitIsRefused() throws {
    let bytes = try TrainingFixture.checkpoint(steps: 1).encoded()
    let places = Array(0..<32) + Array(stride(from: 32, to: bytes.count, by: 7001)) + [bytes.count - 1]
    for place in places {
      var damaged = bytes
      damaged[place] ^= 1 << (place % 8)
      #expect(throws: HintedError.self, "byte \(place)") { try Checkpoint(decoding: damaged, name: "flipped") }
    }
  }

  /// A header that lies but whose digest is right: what a forger, or a bug of ours, would write.
  @Test func contradictingHeaderIsRefused() throws {
    var checkpoint = try TrainingFixture.checkpoint(steps: 1)
    checkpoint.step = checkpoint.settings.stepCount + 1
    #expect(throws: HintedError.self) { try Checkpoint(decoding: checkpoint.encoded(), name: "late") }
    checkpoint.step = 1
    checkpoint.parameters.removeLast()
    #expect(throws: HintedError.self) { try Checkpoint(decoding: checkpoint.encoded(), name: "short") }
    checkpoint.shape.modelWidth = AtomeShape.limits.modelWidth + 1
    #expect(throws: HintedError.self) { try Checkpoint(decoding: checkpoint.encoded(), name: "huge") }
  }

  @Test func anotherVersionIsRefusedThoughItsDigestIsRight() throws {
    var bytes = Array(try TrainingFixture.checkpoint(steps: 1).encoded().dropLast(32))
    bytes[8] = 4
    let error = #expect(throws: HintedError.self) {
      try Checkpoint(decoding: bytes + ContentID(of: bytes).digest, name: "newer")
    }
    #expect(error?.message == "newer: checkpoint version 4; this program reads version 3")
  }

  @Test func layoutCoversAllParametersInFileOrder() {
    for (_, shape) in AtomeShape.presets {
      let layout = ParameterLayout(shape)
      var end = 0
      for tensor in layout.tensors {
        #expect(tensor.offset == end)
        end = tensor.range.upperBound
      }
      #expect(end == layout.count)
      #expect(layout.count == shape.parameterCount + layout.scales.count)
      #expect(layout.scales.count == layout.tensors.count { $0.isTernary })
    }
  }
}

@Suite struct CheckpointModelTests {
  @Test func modelHasTheParametersInTheirPlaces() throws {
    let checkpoint = try TrainingFixture.checkpoint(steps: 3)
    let model = checkpoint.model
    let layout = checkpoint.layout
    #expect(model.shape == checkpoint.shape)
    #expect(model.layers.count == checkpoint.shape.layerCount)
    #expect(model.layers[1].decay == Array(checkpoint.values(of: layout.layers[1].decay)))
    #expect(model.finalBeta == Array(checkpoint.values(of: layout.finalBeta)))
    let value = model.layers[0].value
    for (trit, weight) in zip(value.trits, checkpoint.values(of: layout.layers[0].value)) {
      #expect(trit == TernaryTensor.roundedTrit(weight, scale: value.scale))
    }
  }
}
