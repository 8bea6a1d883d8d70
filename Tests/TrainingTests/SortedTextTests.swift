import Basics
import Testing
import Training

@Suite("Sorted texts")
struct SortedTextTests {
  private let lines: [String] = {
    var generator = SeededGenerator(seed: 1)
    // Each label has words of its own, beside common ones.
    return (0..<2000).map { number in
      let label = Character(Unicode.Scalar(97 + UInt8(number / 100)))
      return "please set the \(label)\(label)x\(number % 7 < 3 ? "y" : "z") to \(generator.below(30)) degrees"
    }
  }()

  private func sorted(_ lines: [String]) -> SortedText? { SortedText(Array(lines.joined(separator: "\n").utf8)) }

  @Test("a file that is sorted by its labels looks so, and does not once it is shuffled")
  func labels() throws {
    #expect(try #require(sorted(lines)).looksSorted)
    var generator = SeededGenerator(seed: 2)
    #expect(try !#require(sorted(lines.shuffled(using: &generator))).looksSorted)
    #expect(sorted(Array(lines.prefix(100))) == nil)
  }
}
