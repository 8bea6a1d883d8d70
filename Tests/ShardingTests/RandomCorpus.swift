import Basics
import Lineage

/// Documents of random lengths and words, with repeats of bytes beyond ASCII.
func randomDocuments(_ count: Int, seed: UInt64, longest: Int = 700) -> [Document] {
  var generator = SeededGenerator(seed: seed)
  let letters = Array("abcdefgh \n,.\u{E9}\u{1F525}")
  return (0..<count).map { number in
    let text = String((0...generator.below(longest)).map { _ in letters[generator.below(letters.count)] })
    return Document(
      sampleID: ContentID(of: "sample \(number)"), indexInSample: 0,
      split: generator.below(5) == 0 ? .heldOut : .train, repeats: 1 + number % 3, text: text)
  }
}

/// What a split's content must be, said as simply as possible.
func expectedContent(of documents: [Document], in split: Split) -> [UInt8] {
  documents.filter { $0.split == split }.flatMap { Array($0.text.utf8) + [0] }
}
