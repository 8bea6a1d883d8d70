import Basics
import Lineage

/// Few-shot examples of a file, several in a prompt: each time others, in an order that the recipe's seed gives.
struct ExampleFile {
  /// - Parameters:
  ///   - shownCount: how many stand in one prompt, between blank lines.
  ///   - name: as the recipe has it, for labels.
  /// - Returns: as many words as there are examples; each example is in `shownCount` of them.
  /// - Throws: `HintedError` where the file has fewer.
  static func words(
    of file: PassageFile, shownCount: Int, seed: UInt64, named name: String
  ) throws -> [PromptWord] {
    var seen: Set<String> = []
    let examples = file.records.filter { seen.insert($0.text).inserted }
    guard examples.count >= shownCount else {
      throw HintedError(
        "\(name) has \(examples.count) examples, and \(shownCount) are to be shown", hint: "blank lines part examples")
    }
    let order = Permutation(count: UInt64(examples.count), seed: SeededGenerator(seed: seed).stream(stream).state)
    let shuffled = (0..<examples.count).map { examples[Int(order[UInt64($0)])] }
    return shuffled.indices.map { start in
      let shown = (0..<shownCount).map { shuffled[(start + $0) % shuffled.count] }
      let places = shown.map { PassageCutter.shown($0.lines) }.joined(separator: ",")
      return PromptWord(shown.map(\.text).joined(separator: "\n\n"), label: "\(name):\(places)")
    }
  }

  private static let stream: UInt64 = 2
}
