import Basics
import CAtomeEngine
import CGPTEngine
import Formats
import Model
import Networks
import TestSupport
import Testing

/// The rival's engine in C, through its own interface.
final class CGPT {
  private let image: CMemoryBlock
  private let memory: CMemoryBlock
  private var engine = gpt_engine()

  init(_ file: [UInt8]) throws {
    image = CMemoryBlock(byteCount: file.count)
    image.start.copyMemory(from: file, byteCount: file.count)
    var opened = gpt_image()
    let status = gpt_open(&opened, image.start.assumingMemoryBound(to: UInt8.self), file.count)
    guard status == ATOME_OK else { throw Refused(status: status) }
    let byteCount = gpt_memory_size(&opened)
    memory = CMemoryBlock(byteCount: byteCount)
    let ready = gpt_init(&engine, &opened, memory.start, byteCount)
    guard ready == ATOME_OK else { throw Refused(status: ready) }
  }

  func step(_ token: UInt8) -> [Int32] {
    Array(UnsafeBufferPointer(start: gpt_step(&engine, token), count: 256))
  }
}

struct Refused: Error, Equatable {
  var status: atome_status
}

/// Memory of exactly that size.
private final class CMemoryBlock {
  let start: UnsafeMutableRawPointer

  init(byteCount: Int) { start = .allocate(byteCount: byteCount, alignment: 8) }

  deinit { start.deallocate() }
}

@Suite("A plain GPT in integers, in C and in Swift")
struct GPTParityTests {
  /// Widths that leave every remainder in blocks of eight and words of four; windows that begin anew.
  static let shapes: [GPTShape] = [
    GPTShape(modelWidth: 1, layerCount: 1, headCount: 1, feedForwardWidth: 1, contextLength: 2),
    GPTShape(modelWidth: 12, layerCount: 2, headCount: 3, feedForwardWidth: 20, contextLength: 24),
    GPTShape(modelWidth: 15, layerCount: 3, headCount: 5, feedForwardWidth: 7, contextLength: 33),
    GPTShape(modelWidth: 22, layerCount: 1, headCount: 2, feedForwardWidth: 70, contextLength: 3),
    GPTShape(modelWidth: 40, layerCount: 3, headCount: 4, feedForwardWidth: 80, contextLength: 63),
    GPTShape(modelWidth: 130, layerCount: 1, headCount: 2, feedForwardWidth: 301, contextLength: 17),
    GPTShape(modelWidth: 1, layerCount: 1, headCount: 1, feedForwardWidth: 1, contextLength: 2, isTied: true),
    GPTShape(modelWidth: 15, layerCount: 3, headCount: 5, feedForwardWidth: 7, contextLength: 33, isTied: true),
    GPTShape(modelWidth: 48, layerCount: 2, headCount: 6, feedForwardWidth: 90, contextLength: 63, isTied: true),
  ]

  @Test("Every logit is the same integer", arguments: shapes, GPTWeightWidth.allCases)
  func parity(shape: GPTShape, width: GPTWeightWidth) throws {
    let model = RandomModel.makeIntegerGPT(seed: UInt64(shape.modelWidth), shape: shape, width: width)
    let file = GPTImageFile.write(model)
    #expect(file.count == GPTImageFile.byteCount(of: shape, width))
    let engine = try CGPT(file)
    var twin = GPTIntegerEngine(model: model)
    var generator = SeededGenerator(seed: 11)
    var different: Set<[Int32]> = []
    for position in 0..<140 {
      let token = UInt8(generator.below(256))
      let expected = twin.integerStep(token)
      try #require(engine.step(token) == expected, "position \(position)")
      different.insert(expected)
    }
    // A norm of one channel is its bias, so all that such a model says is the same.
    #expect(different.count > 100 || shape.modelWidth == 1)
  }

  @Test("A tied table's shift moves its rows in both engines, and has its limit") func embeddingShift() throws {
    let shape = Self.shapes[8]
    var model = RandomModel.makeIntegerGPT(seed: 3, shape: shape, width: .four)
    var said: Set<[Int32]> = []
    for shift: Int32 in [0, 1, 7, 24] {
      model.embeddingShift = shift
      let engine = try CGPT(GPTImageFile.write(model))
      var twin = GPTIntegerEngine(model: model)
      for token: UInt8 in [7, 200, 7] {
        let expected = twin.integerStep(token)
        try #require(engine.step(token) == expected, "shift \(shift)")
        said.insert(expected)
      }
    }
    #expect(said.count >= 10)
    model.embeddingShift = 25
    #expect(throws: Refused(status: ATOME_BAD_NUMBER)) { try CGPT(GPTImageFile.write(model)) }
    var two = RandomModel.makeIntegerGPT(seed: 3, shape: Self.shapes[1], width: .four)
    two.embeddingShift = 1
    #expect(throws: Refused(status: ATOME_BAD_NUMBER)) { try CGPT(GPTImageFile.write(two)) }
  }

  @Test("Damage anywhere is refused, and so are numbers out of range") func refusals() throws {
    let shape = Self.shapes[1]
    let model = RandomModel.makeIntegerGPT(seed: 1, shape: shape, width: .eight)
    let file = GPTImageFile.write(model)
    for index in stride(from: 0, to: file.count, by: 7) {
      var damaged = file
      damaged[index] ^= 0x40
      #expect(throws: Refused.self, "byte \(index)") { try CGPT(damaged) }
    }
    #expect(throws: Refused(status: ATOME_TRUNCATED)) { try CGPT(Array(file.dropLast(4))) }
    let changes: [(inout GPTIntegerModel) -> Void] = [
      { $0.layers[1].scalings[2].pre = 0 }, { $0.layers[0].scalings[5].shift = 30 },
      { $0.layers[0].attention.mixGain = 16_385 }, { $0.layers[0].attention.limit = .max },
      { $0.layers[0].attention.shift = 32 }, { $0.finalNorm.epsilon = 0 },
      { $0.layers[1].feedForwardNorm.inputShift = 17 }, { $0.logits.pre = 17 },
    ]
    for (index, change) in changes.enumerated() {
      var changed = model
      change(&changed)
      #expect(throws: Refused(status: ATOME_BAD_NUMBER), "change \(index)") {
        try CGPT(GPTImageFile.write(changed))
      }
    }
  }
}
