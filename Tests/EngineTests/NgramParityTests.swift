import Basics
import CAtomeNgrams
import Formats
import Model
import Testing

@Suite("N-gram classifiers: Swift and C")
struct NgramParityTests {
  /// What firmware/ngrams says of a text.
  static func answer(_ file: [UInt8], _ text: String, labelCount: Int) throws -> (label: Int, scores: [Int32]) {
    var model = atome_ngrams()
    var scores = [Int32](repeating: 0, count: labelCount)
    let bytes = Array(text.utf8)
    let label = try file.withUnsafeBufferPointer { file in
      try #require(atome_ngrams_open(&model, file.baseAddress, file.count) == ATOME_NGRAMS_OK)
      var seen = [UInt8](repeating: 0xFF, count: atome_ngrams_seen_size(&model))
      return atome_ngrams_classify(&model, bytes, bytes.count, &seen, &scores)
    }
    return (Int(label), scores)
  }

  static func randomImage(_ generator: inout SeededGenerator, atLimits: Bool = false) -> NgramImage {
    let bits = atLimits ? 14 : 6 + generator.below(6)
    let labelCount = 2 + generator.below(9)
    let shortest = 1 + generator.below(4)
    return NgramImage(
      labels: (0..<labelCount).map { index in
        let bias = atLimits ? (index % 2 == 0 ? 1 : -1) * (1 << 29) : generator.below(20_000) - 10_000
        return NgramImage.Label(name: "label \(index)", bias: Int32(bias))
      },
      runs: shortest...(shortest + generator.below(9 - shortest)), featureBits: bits,
      scale: atLimits ? 1 << 20 : UInt32(1 + generator.below(20_000)),
      threshold: Int32(generator.below(6000) - 3000),
      weights: (0..<(labelCount << bits)).map { index in
        atLimits ? (index % labelCount % 2 == 0 ? 7 : -8) : Int8(generator.below(16) - 8)
      }, pairs: randomPairs(&generator, atLimits: atLimits))
  }

  /// Of a third of the images none; most hold about half of what there is.
  private static func randomPairs(_ generator: inout SeededGenerator, atLimits: Bool) -> KnownPairs? {
    guard atLimits || generator.below(3) > 0 else { return nil }
    let bits = atLimits ? 17 : 8 + generator.below(4)
    var pairs = KnownPairs(bits: bits, newness: atLimits ? 1 << 19 : UInt32(generator.below(50_000)))
    for _ in 0..<(1 << bits) / 4 { pairs.insert(UInt32(truncatingIfNeeded: generator.next())) }
    return pairs
  }

  @Test("the same scores and labels, bit for bit, on random images and texts")
  func parity() throws {
    var generator = SeededGenerator(seed: 1)
    var refused = 0
    for trial in 0..<300 {
      let image = Self.randomImage(&generator, atLimits: trial % 10 == 0)
      let text = String(
        decoding: (0..<generator.below(trial % 10 == 0 ? 4000 : 60)).map { _ in UInt8(32 + generator.below(95)) },
        as: UTF8.self)
      let classifier = NgramClassifier(image)
      let (scores, file) = (classifier.scores(of: text), image.bytes)
      let answer = try Self.answer(file, text, labelCount: image.labels.count)
      #expect(answer.scores == scores, "trial \(trial)")
      #expect(answer.label == classifier.label(for: scores) ?? -1)
      refused += answer.label < 0 ? 1 : 0
      #expect(try NgramImage(reading: file, name: "x") == image)
    }
    #expect(refused > 20 && refused < 280)
  }

  /// By the page's arithmetic in Python, without this project's code.
  @Test("scores that were computed elsewhere")
  func knownAnswer() throws {
    let weights: [Int8] = (0..<768).map { place in
      let number = place * 7 + place / 5
      return Int8(number % 16 - 8)
    }
    let labels = zip(["a", "b", "c"], [10, -10, 0]).map { NgramImage.Label(name: $0, bias: $1) }
    let image = NgramImage(
      labels: labels, runs: 2...4, featureBits: 8, scale: 3000, threshold: NgramImage.refusesNone, weights: weights)
    for (text, scores) in Self.known {
      #expect(NgramClassifier(image).scores(of: text) == scores)
      #expect(try Self.answer(image.bytes, text, labelCount: 3).scores == scores)
    }
  }

  /// By the page's arithmetic in Python: FNV-1a of each pair, and the three places of each in a filter of 2^10 bits.
  @Test("pairs of words whose hashes were computed elsewhere")
  func knownPairs() {
    #expect(WordPairs.hashes(of: "Don't stop, now") == [2_775_613_599, 1_576_437_423, 3_421_873_897, 3_868_639_349])
    #expect(WordPairs.hashes(of: " ?! ") == [621_580_159])
    var pairs = KnownPairs(bits: 10, newness: 1)
    pairs.insert(WordPairs.hashes(of: "stop")[0])
    let set = (0..<1024).filter { pairs.bytes[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
    #expect(set == [77, 286, 880])
  }

  /// Whether Swift takes a file, and whether C does.
  private static func takes(_ file: [UInt8]) -> (swift: Bool, c: Bool) {
    var model = atome_ngrams()
    let status = file.withUnsafeBufferPointer { atome_ngrams_open(&model, $0.baseAddress, $0.count) }
    return ((try? NgramImage(reading: file, name: "x")) != nil, status == ATOME_NGRAMS_OK)
  }

  /// A small image with pairs of words, labels "a" and "bc"; some of it replaced, under a checksum that fits.
  private static func altered(at place: Int, _ bytes: [UInt8]) -> [UInt8] {
    let image = NgramImage(
      labels: [.init(name: "a", bias: 1), .init(name: "bc", bias: -1)], runs: 2...4, featureBits: 6, scale: 900,
      threshold: 0, weights: [Int8](repeating: 1, count: 128), pairs: KnownPairs(bits: 8, newness: 9))
    var file = Array(image.bytes.dropLast(4))
    file.replaceSubrange(place..<place + bytes.count, with: bytes)
    return file + (0..<4).map { UInt8(truncatingIfNeeded: CRC32.checksum(file) >> (8 * $0)) }
  }

  @Test("Swift and C take the same of all files that differ by one byte of their numbers and labels")
  func sameLimitsByByte() {
    for place in 8..<39 {
      // Of names, bytes 31, 37 and 38, only Swift asks that they are UTF-8.
      for value in UInt8.min...UInt8.max where place != 31 && place < 37 || value < 0x80 {
        let takes = Self.takes(Self.altered(at: place, [value]))
        #expect(takes.swift == takes.c, "byte \(place) is \(value)")
      }
    }
  }

  @Test(
    "Swift and C take a number at its limit, and not beyond",
    arguments: [
      (14, [1, 1 << 20], [0, 1 << 20 + 1]), (18, [0, 0x7FFF_FFFF, 0x8000_0000], []),
      (22, [0, 1 << 19], [1 << 19 + 1, .max]),
      (26, [1 << 29, ~(1 << 29) + 1], [1 << 29 + 1, ~(1 << 29), 0x8000_0000]),
      (32, [1 << 29, ~(1 << 29) + 1], [1 << 29 + 1, ~(1 << 29), 0x8000_0000]),
    ] as [(Int, [UInt32], [UInt32])])
  func sameLimits(place: Int, taken: [UInt32], refused: [UInt32]) {
    for (numbers, isTaken) in [(taken, true), (refused, false)] {
      for number in numbers {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        let takes = Self.takes(Self.altered(at: place, bytes))
        #expect(takes.swift == isTaken && takes.c == isTaken, "\(number) at \(place)")
      }
    }
  }

  static let known: [(String, [Int32])] = [
    ("Play some Jazz", [-17746, -21218, -22687]),
    ("", [-20990, -10, -24000]),
    ("é", [-24485, 8562, -18371]),
    ("aaaaaaaaaaaaaaaa", [2131, -38193, -8486]),
    ("What's the weather like in São Paulo?", [-26042, -28635, -14795]),
  ]
}
