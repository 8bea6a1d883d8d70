import Basics
import Engine
import Export
import Formats
import Model
import Networks
import TestSupport
import Testing

/// Every dimension of every kind of image at its limit and one beyond it, as whole files: both readers agree.
@Suite("Limits of shapes, in C and in Swift")
struct ShapeLimitTests {
  private static let smallest = AtomeShape(modelWidth: 1, layerCount: 1, headWidth: 1, topK: 1, kernelSize: 1)
  private static let atomeNames = ["d", "layers", "h", "k", "K"]

  private static func atome(_ dimension: Int, _ value: Int) -> AtomeShape {
    var shape = smallest
    switch dimension {
    case 0: shape.modelWidth = value
    case 1: shape.layerCount = value
    case 2: shape.headWidth = value
    case 3: shape.topK = value
    default: shape.kernelSize = value
    }
    return shape
  }

  @Test("of float images", arguments: zip(0..<5, [1024, 64, 256, 64, 32]))
  func float(dimension: Int, limit: Int) throws {
    for (value, isWithin) in [(limit, true), (limit + 1, false)] {
      let file = AtomeImageFile.write(RandomModel.make(seed: 1, shape: Self.atome(dimension, value)), provenance: nil)
      let name: Comment = "\(Self.atomeNames[dimension]) is \(value)"
      #expect(((try? CEngine(image: file, contextLength: 1)) != nil) == isWithin, name)
      #expect(((try? AtomeImageFile.read(file, name: "image")) != nil) == isWithin, name)
    }
  }

  @Test("of integer images", arguments: zip(0..<5, [1024, 64, 256, 64, 32]))
  func integer(dimension: Int, limit: Int) throws {
    for (value, isWithin) in [(limit, true), (limit + 1, false)] {
      let model = RandomModel.makeInteger(seed: 1, shape: Self.atome(dimension, value), cache: .int8)
      let file = IntegerImageFile.write(model, provenance: nil)
      let name: Comment = "\(Self.atomeNames[dimension]) is \(value)"
      #expect(((try? CIntegerEngine(image: file, logitScale: 1, contextLength: 1)) != nil) == isWithin, name)
      #expect(((try? IntegerImageFile.read(file, name: "image")) != nil) == isWithin, name)
    }
  }

  private static func compact(_ dimension: Int, _ value: Int) -> CompactShape {
    var shape = CompactShape(modelWidth: 1, layerCount: 1, stateWidth: 1, gateCount: 1, hiddenWidth: 1)
    switch dimension {
    case 0: shape.modelWidth = value
    case 1: shape.layerCount = value
    case 2: shape.stateWidth = value
    case 3: shape.hiddenWidth = value
    default: shape.passCount = value
    }
    return shape
  }

  @Test("of compact images", arguments: zip(0..<5, [1024, 64, 1024, 4096, 16]))
  func compact(dimension: Int, limit: Int) throws {
    for (value, isWithin) in [(limit, true), (limit + 1, false)] {
      let model = RandomModel.makeCompact(seed: 2, shape: Self.compact(dimension, value))
      let file = CompactImageFile.write(model, provenance: nil)
      let name: Comment = "\(["d", "blocks", "m", "f", "passes"][dimension]) is \(value)"
      #expect(((try? CCompactEngine(image: file, logitScale: 1, contextLength: 1)) != nil) == isWithin, name)
      #expect(((try? CompactImageFile.read(file, name: "image")) != nil) == isWithin, name)
    }
  }

  @Test(
    "gates share a compact student's state equally",
    arguments: [(9, 3, true), (8, 3, false), (8, 5, false), (8, 8, true)])
  func gates(stateWidth: Int, gateCount: Int, isWhole: Bool) throws {
    let shape = CompactShape(
      modelWidth: 2, layerCount: 1, stateWidth: stateWidth, gateCount: gateCount, hiddenWidth: 2)
    let file = CompactImageFile.write(RandomModel.makeCompact(seed: 2, shape: shape), provenance: nil)
    #expect(((try? CCompactEngine(image: file, logitScale: 1, contextLength: 1)) != nil) == isWhole)
    #expect(((try? CompactImageFile.read(file, name: "image")) != nil) == isWhole)
  }
}
