import Basics
import Formats
import Foundation
import Networks
import Testing

@Suite struct CompactShapeTests {
  @Test("presets keep to the sizes that they are named for, with the largest vocabulary")
  func sizes() {
    let limits = [6, 21, 64, 280].map { $0 * 1024 }
    for (preset, limit) in zip(CompactShape.presets, limits) {
      let size = preset.shape.imageByteCount + 1024
      #expect(size <= limit && size > limit * 4 / 5, "\(preset.name): \(size) of \(limit)")
    }
  }

  @Test("a shape reads as it is written, and refuses what no student can be")
  func text() throws {
    for preset in CompactShape.presets {
      #expect(try CompactShape(parsing: preset.shape.description) == preset.shape)
    }
    for text in [
      "d_model=8,n_layers=1,d_state=6,n_gates=4,d_ff=8", "d_model=0,n_layers=1,d_state=4,n_gates=4,d_ff=8",
      "d_model=8,n_layers=1,d_state=4,n_gates=4,d_ff=4097", "d_model=8,n_layers=1,d_state=4,n_gates=4",
      "d_model=8,d_model=8,n_layers=1,d_state=4,n_gates=4,d_ff=9", "d_state",
      "d_model=8,n_layers=1,d_state=4,n_gates=4,d_ff=9,n_passes=0",
      "d_model=8,n_layers=1,d_state=4,n_gates=4,d_ff=9,n_passes=17",
    ] {
      #expect(throws: HintedError.self, "\(text)") { try CompactShape(parsing: text) }
    }
  }

  @Test("one pass goes without saying, in text and in a checkpoint's header")
  func passes() throws {
    var shape = CompactShape.atome21KB
    #expect(!shape.description.contains("n_passes"))
    #expect(try !String(decoding: JSONEncoder().encode(shape), as: UTF8.self).contains("n_passes"))
    shape.passCount = 3
    #expect(try CompactShape(parsing: shape.description) == shape)
    #expect(try JSONDecoder().decode(CompactShape.self, from: JSONEncoder().encode(shape)) == shape)
    #expect(shape.imageByteCount == CompactShape.atome21KB.imageByteCount && shape.depth == 6)
  }
}
