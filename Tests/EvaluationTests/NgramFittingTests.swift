import Basics
import Evaluation
import Formats
import Model
import Testing

@Suite("Fitting n-grams")
struct NgramFittingTests {
  static let words = [["play", "song", "album"], ["rain", "sun", "weather"], ["table", "dinner", "menu"]]
  static let labels = ["music", "sky", "food"]

  static func examples(_ count: Int, seed: UInt64, words: [[String]] = words) -> [NgramFitter.Example] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { number in
      let label = number % words.count
      let filler = (0..<5).map { _ in "w\(generator.below(500))" }
      return NgramFitter.Example(
        text: (filler + [words[label][generator.below(words[label].count)]]).joined(separator: " "), label: label)
    }
  }

  @Test("a classifier learns what words decide, says how many bytes it takes, and is the same each time")
  func learns() throws {
    let training = Self.examples(600, seed: 1)
    let image = try NgramFitter().fit(training, labels: Self.labels)
    #expect(image.bytes.count == 26 + 3 * 5 + 12 + 1024 * 3 / 2 + 4)
    #expect(image.threshold == NgramImage.refusesNone)
    let classifier = NgramClassifier(image)
    let wrong = Self.examples(300, seed: 2).count { classifier.label(for: classifier.scores(of: $0.text)) != $0.label }
    #expect(wrong < 10)
    #expect(try NgramFitter().fit(training, labels: Self.labels) == image)
    let other = NgramFitter.Settings(seed: 1)
    #expect(try NgramFitter(other).fit(training, labels: Self.labels) != image)
  }

  @Test("keywords are words of mostly one label, and texts without them have no label")
  func keywords() {
    let examples = Self.examples(300, seed: 3)
    let mask = KeywordMask(examples, labelCount: 3)
    // Some of the numbered words are in texts of one label by chance.
    let named = mask.keywords.filter { !$0.dropFirst().allSatisfy(\.isNumber) }
    #expect(named == Set(Self.words.joined().map { $0[...] }))
    let strangers = mask.strangers(of: examples)
    #expect(
      strangers.count == 300
        && Set(strangers.joined(separator: " ").split(separator: " ")).isDisjoint(with: mask.keywords))
    // Of seven texts nothing is concluded; a text without keywords is not its own stranger.
    #expect(KeywordMask(Array(examples[..<21]), labelCount: 3).keywords.isEmpty)
    let bare = [NgramFitter.Example(text: "w1 w2 w3", label: 0), .init(text: "song w1 w2", label: nil)]
    #expect(mask.strangers(of: bare).isEmpty)
  }

  @Test("learning texts without keywords as strangers makes a classifier refuse more of another domain")
  func refusals() throws {
    let training = Self.examples(600, seed: 4)
    let others = Self.examples(200, seed: 5, words: [["door", "lamp"], ["heat", "fan"], ["lock", "timer"]])
    func refused(_ masksKeywords: Bool) throws -> Double {
      let settings = NgramFitter.Settings(masksKeywords: masksKeywords)
      let found = try CrossValidation(folds: 3).run(training, labels: Self.labels, ngrams: settings)
      var image = try NgramFitter(settings).fit(training, labels: Self.labels)
      image.threshold = found.threshold
      let classifier = NgramClassifier(image)
      return Double(others.count { classifier.label(for: classifier.scores(of: $0.text)) == nil }) / 200
    }
    let (with, without) = (try refused(true), try refused(false))
    #expect(with > 0.9 && with > without)
  }

  @Test("a text of new pairs of words is less sure, one that was said is not, and names of one text are no matter")
  func pairs() throws {
    let verbs = [
      ["play the song", "play an album"], ["is there rain", "will it rain"], ["book a table", "get a menu"],
    ]
    let examples = (0..<60).map { number in
      NgramFitter.Example(text: "please \(verbs[number % 3][number / 3 % 2]) name\(number)", label: number % 3)
    }
    func scores(_ pairBits: Int, _ text: String) throws -> [Int32] {
      let settings = NgramFitter.Settings(masksKeywords: false, pairBits: pairBits)
      return NgramClassifier(try NgramFitter(settings).fit(examples, labels: Self.labels)).scores(of: text)
    }
    func lowering(_ text: String) throws -> [Int32] {
      zip(try scores(0, text), try scores(14, text)).map { $0 - $1 }
    }
    // Pairs: nothing please, please play, play the, the song, song name3, name3 nothing.
    let known = 49_152 * (2 * 4096 / 6) / 4096
    #expect(try lowering("please play the song name3") == Array(repeating: Int32(known), count: 3))
    #expect(try lowering("the please song play") == [49_152, 49_152, 49_152])
    #expect(try lowering("please play the") == Array(repeating: 49_152 / 4, count: 3))
    #expect(throws: Never.self) { try scores(8, "") }
  }

  @Test("balanced labels count alike, and a rare one is found more often")
  func balance() throws {
    let labels: [Int?] = [0, 0, 0, 1, nil, 0]
    #expect(NgramFitter.weights(of: labels, labelCount: 3, balanced: true) == [0.625, 0.625, 0.625, 2.5, 1, 0.625])
    #expect(NgramFitter.weights(of: labels, labelCount: 3, balanced: false) == [1, 1, 1, 1, 1, 1])
    // The same word in both: 20 texts against 400.
    let texts = (0..<420).map { NgramFitter.Example(text: "same \($0 % 10)", label: $0 < 20 ? 1 : 0) }
    func rare(_ balances: Bool) throws -> Int? {
      let settings = NgramFitter.Settings(masksKeywords: false, balancesLabels: balances)
      let image = try NgramFitter(settings).fit(texts, labels: ["often", "rare"])
      let scores = NgramClassifier(image).scores(of: "same 3")
      // How far the rare label is behind.
      return Int(scores[0] - scores[1])
    }
    let (equal, balanced) = (try #require(try rare(false)), try #require(try rare(true)))
    #expect(equal > 3 * 4096 && abs(balanced) < 4096)
  }

  @Test("labels that no image holds are refused", arguments: [1, 65])
  func labelCounts(count: Int) {
    let labels = (0..<count).map { "l\($0)" }
    #expect(throws: HintedError.self) { try NgramFitter().fit([], labels: labels) }
  }
}

@Suite("Folds")
struct FoldsTests {
  static let texts = (0..<103).map { "text \($0 / 2)\($0 % 2 == 0 ? "" : " !")" }
  static let labels = (0..<103).map { $0 < 20 ? "rare" : "often" } as [String?]

  @Test("each text is in one fold, those of one wording together, and labels are spread evenly", arguments: [2, 5, 10])
  func folds(count: Int) throws {
    let folds = try Folds(texts: Self.texts, labels: Self.labels, count: count, seed: 3)
    #expect(folds.fold.count == 103 && folds.fold.allSatisfy { 0..<count ~= $0 })
    for index in stride(from: 0, to: 102, by: 2) { #expect(folds.fold[index] == folds.fold[index + 1]) }
    for label in ["rare", "often"] {
      let sizes = (0..<count).map { fold in
        folds.fold.indices.count { folds.fold[$0] == fold && Self.labels[$0] == label }
      }
      // Wordings have two texts here.
      #expect((sizes.max() ?? 9) - (sizes.min() ?? 0) <= 2, "\(label): \(sizes)")
    }
  }

  @Test("another seed deals otherwise, the same one alike")
  func seeds() throws {
    let folds = try (0..<3).map { try Folds(texts: Self.texts, labels: Self.labels, count: 5, seed: $0 < 2 ? 1 : 2) }
    #expect(folds[0] == folds[1] && folds[0] != folds[2])
  }

  @Test("a label with fewer wordings than folds is named")
  func tooFew() throws {
    let error = #expect(throws: HintedError.self) {
      try Folds(texts: Self.texts, labels: Self.labels, count: 11, seed: 0)
    }
    #expect(error?.message.contains("11 folds need 11 different texts of each label; there are of 'rare' 10") == true)
    #expect(throws: HintedError.self) { try Folds(texts: ["a"], labels: ["b"], count: 1, seed: 0) }
  }

  @Test("every text is asked once a round, by a classifier that has not read it")
  func validation() throws {
    // Labels by chance: whoever has read a text knows its label, whoever has not can only guess.
    var generator = SeededGenerator(seed: 9)
    let examples = (0..<200).map { number in
      NgramFitter.Example(
        text: "w\(number)x\(generator.below(10_000)) y\(generator.below(10_000))", label: generator.below(2))
    }
    let settings = NgramFitter.Settings(masksKeywords: false)
    let validation = CrossValidation(folds: 4, repeats: 2, falseRefusals: 0.1)
    let (report, threshold) = try validation.run(examples, labels: ["a", "b"], ngrams: settings)
    let classifier = NgramClassifier(try NgramFitter(settings).fit(examples, labels: ["a", "b"]))
    let known = examples.count { classifier.label(for: classifier.scores(of: $0.text)) == $0.label }
    #expect(known > 190 && report.right.mean > 0.3 && report.right.mean < 0.7)
    #expect(report.folds == 4 && report.repeats == 2 && report.right.deviation > 0 && report.refused == nil)
    // 400 askings, of which a tenth may lie below the threshold; equal scores may leave fewer.
    #expect(report.falseRefusals <= 0.1 && report.falseRefusals > 0.08)
    #expect(report.threshold == Double(threshold) / 4096)
  }

  @Test("a spread is the sample's")
  func spread() {
    let spread = CrossValidation.Spread([2, 4, 4, 4, 5, 5, 7, 9])
    #expect(spread.mean == 5 && abs(spread.deviation - 2.138089935) < 1e-9 && spread.least == 2 && spread.largest == 9)
    #expect(CrossValidation.Spread([1]).deviation == 0)
  }
}
