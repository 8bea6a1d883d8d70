import Basics
import Formats
import Networks
import Study
import Testing

@Suite("A plain GPT of as many bytes")
struct GPTFitTests {
  @Test("is within 2 % below, and its image has those bytes", arguments: GPTWeightWidth.allCases)
  func fits(width: GPTWeightWidth) throws {
    for byteCount in [7000, 12_345, 20_575, 21_504, 65_536, 280_000] {
      let shape = try GPTShape.fitting(byteCount: byteCount, width: width, window: 64)
      try shape.validate()
      var trained = shape
      trained.contextLength = 63
      let found = GPTImageFile.byteCount(of: trained, width)
      #expect(found <= byteCount && 50 * (byteCount - found) <= byteCount, "\(byteCount): \(shape) has \(found)")
    }
  }

  @Test("has the proportions that were best") func proportions() throws {
    let four = try GPTShape.fitting(byteCount: 20_575, width: .four, window: 64)
    #expect("\(four)" == "d_model=40,n_layers=1,n_heads=5,d_ff=86,context=64")
    let eight = try GPTShape.fitting(byteCount: 20_575, width: .eight, window: 64)
    #expect("\(eight)" == "d_model=24,n_layers=1,n_heads=3,d_ff=50,context=64")
  }

  @Test("is refused where there is none") func refusal() {
    #expect(throws: HintedError.self) { try GPTShape.fitting(byteCount: 900, width: .four, window: 64) }
  }

  @Test("dimensions are read in any order, each once") func parsing() throws {
    let shape = try GPTShape(parsing: "n_heads=5,d_model=40,d_ff=80,n_layers=3", window: 32)
    #expect(
      shape
        == GPTShape(modelWidth: 40, layerCount: 3, headCount: 5, feedForwardWidth: 80, contextLength: 32))
    let wrong = [
      "n_heads=5", "n_heads=5,d_model=40,d_ff=80,n_layers=3,n_layers=3", "n_heads=7,d_model=40,d_ff=8,n_layers=1",
    ]
    for text in wrong {
      #expect(throws: HintedError.self) { try GPTShape(parsing: text, window: 32) }
    }
  }
}
