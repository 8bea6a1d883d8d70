import Basics
import Engine
import Formats
import Networks
import TestSupport
import Testing

@Suite("C engine refuses")
struct RefusalTests {
  let shape = RandomModel.small
  let image: [UInt8]
  var body: [UInt8] { Array(image.prefix(shape.atome01ByteCount)) }

  init() {
    image = AtomeImageFile.write(RandomModel.make(seed: 14, shape: shape), provenance: nil)
  }

  private func refusal(_ bytes: [UInt8], shape: AtomeShape? = nil, contextLength: Int = 4) throws -> HintedError {
    try #require(throws: HintedError.self) {
      _ = try CEngine(image: bytes, shape: shape, contextLength: contextLength)
    }
  }

  @Test("an image that ends early, wherever it is cut")
  func truncation() throws {
    for count in stride(from: 0, to: image.count, by: 13) {
      let refused = try refusal(Array(image.prefix(count)))
      #expect(refused.status == .badData)
      #expect(refused.hint != nil)
    }
    for count in stride(from: 0, to: body.count, by: 13) {
      #expect(try refusal(Array(body.prefix(count)), shape: shape).message.contains("ends before"))
    }
  }

  @Test("an image with a changed bit, wherever it is")
  func corruption() throws {
    for offset in stride(from: 0, to: image.count, by: 7) {
      var changed = image
      changed[offset] ^= 1 << UInt8(offset % 8)
      #expect(try refusal(changed).status == .badData)
    }
  }

  @Test("a body whose shape nobody tells, and a shape that contradicts the trailer")
  func shapes() throws {
    #expect(try refusal(body).hint?.contains("name its shape") == true)
    var other = shape
    other.topK += 1
    #expect(try refusal(image, shape: other).status == .usage)
    other.modelWidth = 5000
    #expect(try refusal(image, shape: other).message.contains("d_model"))
    let engine = try CEngine(image: body, shape: shape, contextLength: 4)
    #expect(engine.shape == shape)
  }

  @Test("a context outside 1…65536", arguments: [-1, 0, 65_537, Int.max])
  func contexts(contextLength: Int) throws {
    #expect(try refusal(image, contextLength: contextLength).status == .usage)
  }
}
