import Basics
import Formats
import Networks
import Study
import Testing

@Suite("A plain GPT of as many bytes")
struct GPTFitTests {
  @Test("is within 2 % below, and its image has those bytes", arguments: GPTWeightWidth.allCases, [false, true])
  func fits(width: GPTWeightWidth, isTied: Bool) throws {
    for byteCount in [7000, 12_345, 20_575, 21_504, 65_536, 280_000] {
      let shape = try GPTShape.fitting(byteCount: byteCount, width: width, isTied: isTied, window: 64)
      try shape.validate()
      #expect(shape.isTied == isTied)
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
    let tied = try GPTShape.fitting(byteCount: 20_004, width: .four, isTied: true, window: 64)
    #expect("\(tied)" == "d_model=48,n_layers=1,n_heads=6,d_ff=116,context=64,tied=1")
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

  @Test("one table of tokens is told by tied=1, and said again; two say nothing") func tied() throws {
    let text = "d_model=40,n_layers=3,n_heads=5,d_ff=80"
    let (two, one) = (try GPTShape(parsing: text, window: 32), try GPTShape(parsing: "\(text),tied=1", window: 32))
    let zero = try GPTShape(parsing: "\(text),tied=0", window: 32)
    #expect(one.isTied && !two.isTied && zero == two)
    #expect("\(one)" == "\(two),tied=1" && one.parameterCount == two.parameterCount - 256 * 40)
    #expect(throws: HintedError.self) { try GPTShape(parsing: "\(text),tied=2", window: 32) }
    let json = #"{"context":32,"d_ff":80,"d_model":40,"n_heads":5,"n_layers":3}"#
    let (said, saidOne) = (try CanonicalJSON.text(two), try CanonicalJSON.text(one))
    #expect(said == json)
    let read = try [json, saidOne].map { try CanonicalJSON.decode(GPTShape.self, from: Array($0.utf8), named: "x") }
    #expect(read == [two, one])
  }
}
