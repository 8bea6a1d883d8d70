import Basics
import Engine
import Formats
import Foundation
import Model
import Networks
import TestSupport
import Testing

/// ATOMECL01 against the published classifier and what its own engine said.
@Suite("Published classifiers")
struct AtomeClassifierTests {
  static let shape = AtomeShape(modelWidth: 32, layerCount: 2, headWidth: 8, topK: 4, kernelSize: 5)

  private struct Golden: Decodable {
    struct Case: Decodable {
      var tokens: [UInt8]
      var cls: Int
      var logitsText: [String]
    }
    var cases: [Case]
  }

  @Test(
    "the published engine's classes and scores, by the reference and the C engine",
    .enabled(if: SharedData.isPresent, "\(SharedData.skipReason)"))
  func golden() throws {
    let file = try AtomicFile.read(try #require(SharedData.path("atome/agri.atomecl")))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let golden = try decoder.decode(
      Golden.self, from: Data(AtomicFile.read(try #require(SharedData.path("atome/agri.clf.golden.json")))))
    let classifier = try AtomeClassifier(reading: file, name: "agri", shape: Self.shape)
    #expect(classifier.classCount == 5 && classifier.bytes == file)
    let model = classifier.asLanguageModel
    var reference = try ReferenceEngine(model: model, contextLength: 32)
    let engine = try CEngine(image: AtomeImageFile.write(model, provenance: nil), shape: nil, contextLength: 32)
    #expect(golden.cases.count >= 4)
    for example in golden.cases {
      reference.reset()
      engine.reset()
      var (scores, others): ([Float], [Float]) = ([], [])
      for token in example.tokens { (scores, others) = (reference.step(token), engine.step(token)) }
      #expect(scores.map(\.bitPattern) == others.map(\.bitPattern))
      let difference = zip(scores, example.logitsText.compactMap(Float.init)).map { abs($0 - $1) }.max()
      #expect(example.logitsText.count == 5)
      #expect(try #require(difference) < 1e-4)
      #expect(scores[..<5].indices.max { scores[$0] < scores[$1] } == example.cls)
      #expect(scores[5...].allSatisfy { $0 == 0 })
    }
  }

  private static func small() throws -> AtomeClassifier {
    let model = RandomModel.make(seed: 5, shape: RandomModel.small)
    let head = TernaryTensor(
      rowCount: 3, columnCount: model.shape.modelWidth, scale: 0.5,
      trits: (0..<3 * model.shape.modelWidth).map { Int8($0 % 3 - 1) })
    return try AtomeClassifier(model: model, head: head)
  }

  @Test("what is written is read again, and every truncation and every other length is refused")
  func roundTrip() throws {
    let classifier = try Self.small()
    let bytes = classifier.bytes
    #expect(try AtomeClassifier(reading: bytes, name: "x", shape: classifier.shape) == classifier)
    for count in bytes.indices {
      #expect(throws: HintedError.self) {
        try AtomeClassifier(reading: Array(bytes[..<count]), name: "x", shape: classifier.shape)
      }
    }
    #expect(throws: HintedError.self) { try AtomeClassifier(reading: bytes + [0], name: "x", shape: classifier.shape) }
  }

  @Test("what is wrong is named with its place")
  func damage() throws {
    let classifier = try Self.small()
    let bytes = classifier.bytes
    func message(_ change: (inout [UInt8]) -> Void, shape: AtomeShape? = classifier.shape) -> String {
      var file = bytes
      change(&file)
      let error = #expect(throws: HintedError.self) { try AtomeClassifier(reading: file, name: "x", shape: shape) }
      return error?.message ?? ""
    }
    #expect(message { $0[9] = 17 }.contains("count of classes at offset 9 is 17"))
    #expect(message { $0[9] = 0 }.contains("is 0"))
    #expect(message { $0[9] = 4 }.contains("4 classes"))
    #expect(message({ _ in }, shape: nil).contains("does not say its shape"))
    #expect(message({ _ in }, shape: Self.shape).contains("of another shape"))
    #expect(
      message { $0[bytes.count - 1] = 0xAA }.contains(
        "head holds the invalid trit code 10 at offset \(bytes.count - 1)"))
    #expect(
      message { $0.replaceSubrange(13..<17, with: [0, 0, 0x80, 0x7F]) }.contains("embedding scale[0] at offset 13"))
    let error = #expect(throws: HintedError.self) { try AtomeImageFile.read(bytes, name: "x") }
    #expect(error?.hint?.contains("export") == true)
  }

  @Test("a student that answers with labels is a classifier: its scores are the logits of their first bytes")
  func fromStudent() throws {
    let model = RandomModel.make(seed: 6, shape: RandomModel.small)
    let labels = ["cold", "warm", "hot"]
    let classifier = try AtomeClassifier(model, answering: labels)
    var student = try ReferenceEngine(model: model, contextLength: 8)
    var engine = try ReferenceEngine(model: classifier.asLanguageModel, contextLength: 8)
    for byte in Array("> it is\n< ".utf8) {
      let (logits, scores) = (student.step(byte), engine.step(byte))
      #expect(scores[..<3].map(\.bitPattern) == labels.map { logits[Int($0.utf8.first ?? 0)].bitPattern })
    }
    #expect(throws: HintedError.self) { try AtomeClassifier(model, answering: ["hot", "humid"]) }
    #expect(throws: HintedError.self) { try AtomeClassifier(model, answering: ["hot", ""]) }
    #expect(throws: HintedError.self) {
      try AtomeClassifier(model, answering: Array("abcdefghijklmnopq").map(String.init))
    }
  }
}
