import Evaluation
import Lineage
import Testing

@Suite struct PerturberTests {
  private static let frame = RequestFrame(prefix: "> ", suffix: "\n")
  private static let requests = [
    "> set the kitchen to 21 degrees\n", "> how warm is the attic?\n", "> please boost the office for 15 minutes\n",
  ]

  private func perturber(seed: UInt64) -> Perturber {
    Perturber(frame: Self.frame, knownWords: ["kitchen", "attic", "office", "heat", "head"], seed: seed)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func aTypoIsOneEditOfALongWordAndNoDigit(seed: UInt64) throws {
    for request in Self.requests {
      let typo = try #require(perturber(seed: seed).perturbed(request, as: .typo))
      #expect(typo.hasPrefix("> ") && typo.hasSuffix("\n") && typo != request)
      #expect(typo.filter(\.isNumber) == request.filter(\.isNumber))
      let (old, new) = (request.split(separator: " "), typo.split(separator: " "))
      let changed = zip(old, new).filter { $0 != $1 }
      #expect(old.count == new.count && changed.count == 1)
      #expect(changed.allSatisfy { $0.0.filter(\.isLetter).count >= 4 && abs($0.0.count - $0.1.count) <= 1 })
      #expect(perturber(seed: seed).perturbed(request, as: .typo) == typo)
    }
  }

  /// "heat" and "head" are one key apart.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func aTypoMakesNoOtherKnownWord(seed: UInt64) {
    #expect(perturber(seed: seed).perturbed("> heat\n", as: .typo) != "> head\n")
  }

  @Test func caseAndPunctuationKeepTheWords() throws {
    for request in Self.requests {
      let loud = try #require(perturber(seed: 1).perturbed(request, as: .letterCase))
      #expect(loud != request && loud.lowercased() == request)
      let marked = try #require(perturber(seed: 1).perturbed(request, as: .punctuation))
      let isKept = { (character: Character) in character.isLetter || character.isNumber }
      #expect(marked != request && marked.filter(isKept) == request.filter(isKept))
    }
  }

  @Test func otherSetsAreNotPerturbed() {
    for set in [QuestionSet.heldOut, .phrasings, .offTopic, .outOfRange] {
      #expect(perturber(seed: 1).perturbed(Self.requests[0], as: set) == nil)
    }
  }
}
