import Basics
import Testing

@Suite struct PermutationTests {
  @Test("a permutation visits every number once", arguments: [1, 2, 3, 4, 5, 16, 17, 1000, 4096, 4097])
  func permutation(count: UInt64) {
    let permutation = Permutation(count: count, seed: 3)
    #expect(Set((0..<count).map { permutation[$0] }) == Set(0..<count))
  }

  @Test("a permutation of the largest domain stays inside it")
  func largePermutation() {
    let permutation = Permutation(count: 1 << 62, seed: 1)
    #expect((0..<100).allSatisfy { permutation[$0] < 1 << 62 })
    #expect(Set((0..<100).map { permutation[$0] }).count == 100)
  }

  /// By the definition, in another language: the order of a corpus's prompts is part of the contract.
  @Test func aKnownOrder() {
    let permutation = Permutation(count: 20, seed: 7)
    #expect((0..<20).map { permutation[$0] } == [6, 14, 4, 17, 8, 1, 9, 10, 19, 0, 5, 3, 16, 11, 7, 13, 15, 18, 12, 2])
  }
}
