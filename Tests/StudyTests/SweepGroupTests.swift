import Basics
import Formats
import Lineage
import Study
import Testing

/// What `SweepGroup` says of successive halving.
@Suite struct SweepGroupTests {
  private static func rungs(_ eta: Int, _ budget: Int) -> SweepFile.Rungs {
    SweepFile.Rungs(eta: eta, budget: budget, among: .shape)
  }

  private static func facts(_ bits: [Int: Double], isFinished: Bool = false, isDiverged: Bool = false) -> SweepFacts {
    var result = SweepResult(training: ContentID(of: "t"), shape: "s", instructionSet: "avx2")
    if isFinished { result.trainedBitsPerByte = 2 }
    return SweepFacts(
      result: isFinished || isDiverged ? result : nil,
      rungs: bits.sorted { $0.key < $1.key }.map { SweepRungs.Rung(step: $0, bitsPerByte: $1) })
  }

  @Test("each round has an equal share of the budget, and each of those that are left an equal share of it")
  func rounds() throws {
    // 8 arms, three rounds of 800 steps beside the last one's 1,000: 100 each, 200 each of 4, 400 each of 2.
    let rounds = try SweepGroup.rounds(armCount: 8, seedCount: 1, stepCount: 1000, Self.rungs(2, 3400))
    #expect(rounds.map(\.step) == [100, 300, 700] && rounds.map(\.survivorCount) == [4, 2, 1])
    // Seeds share: two of each take half as many steps.
    let seeds = try SweepGroup.rounds(armCount: 8, seedCount: 2, stepCount: 1000, Self.rungs(2, 4400))
    #expect(seeds.map(\.step) == [50, 150, 350])
    // One of three, rounded up: 7, 3, 1.
    let thirds = try SweepGroup.rounds(armCount: 7, seedCount: 1, stepCount: 1000, Self.rungs(3, 1420))
    #expect(thirds == [.init(step: 30, survivorCount: 3), .init(step: 100, survivorCount: 1)])
    #expect(try SweepGroup.rounds(armCount: 1, seedCount: 3, stepCount: 10, Self.rungs(3, 1)).isEmpty)
  }

  @Test("no steps beyond the budget are taken, whatever it is", arguments: [2, 3, 5])
  func budget(eta: Int) throws {
    for armCount in [2, 3, 7, 27, 100] {
      for budget in stride(from: 2000, through: 300_000, by: 1999) {
        guard
          let rounds = try? SweepGroup.rounds(armCount: armCount, seedCount: 2, stepCount: 500, Self.rungs(eta, budget))
        else { continue }
        var (taken, alive, done) = (0, armCount, 0)
        for round in rounds {
          #expect(round.step > done && round.step < 500 && round.survivorCount < alive)
          taken += 2 * alive * (round.step - done)
          (alive, done) = (round.survivorCount, round.step)
        }
        taken += 2 * alive * (500 - done)
        #expect(taken <= max(budget, 0), "\(armCount) arms, \(budget)")
      }
    }
  }

  @Test("a budget that has no step for each says how many it needs")
  func small() throws {
    let error = #expect(throws: HintedError.self) {
      try SweepGroup.rounds(armCount: 8, seedCount: 1, stepCount: 1000, Self.rungs(2, 1023))
    }
    #expect(error?.message.hasSuffix("it needs 1024 or more") == true, "\(String(describing: error))")
    #expect(try SweepGroup.rounds(armCount: 8, seedCount: 1, stepCount: 1000, Self.rungs(2, 1024)).first?.step == 1)
  }

  @Test("the better part goes on; the others have stopped; nobody is judged before all are there")
  func fates() throws {
    let rounds = [SweepGroup.Round(step: 10, survivorCount: 2), SweepGroup.Round(step: 30, survivorCount: 1)]
    func fates(_ facts: [SweepFacts]) -> [SweepGroup.Fate] {
      SweepGroup.fates(facts.map { [$0] }, rounds, stepCount: 100).map { $0[0] }
    }
    let first = [3.0, 2.0, 2.5].map { Self.facts([10: $0]) }
    #expect(fates([first[0], first[1], Self.facts([:])]) == [.waiting, .waiting, .open(step: 10)])
    #expect(fates(first) == [.stopped(step: 10, bitsPerByte: 3), .open(step: 30), .open(step: 30)])
    // The one behind at the first rung is ahead at the second.
    let second = [first[0], Self.facts([10: 2, 30: 1.9]), Self.facts([10: 2.5, 30: 1.8])]
    #expect(
      fates(second) == [
        .stopped(step: 10, bitsPerByte: 3), .stopped(step: 30, bitsPerByte: 1.9), .open(step: 100),
      ])
    var done = second
    done[2] = Self.facts([10: 2.5, 30: 1.8], isFinished: true)
    #expect(fates(done)[2] == .finished)
    // What diverged never goes on; of equal ones the first does.
    let diverged = [Self.facts([:], isDiverged: true), Self.facts([10: 2]), Self.facts([10: 2])]
    #expect(fates(diverged) == [.diverged, .open(step: 30), .open(step: 30)])
    let equal = [2.0, 2.0, 2.0].map { Self.facts([10: $0]) }
    #expect(fates(equal) == [.open(step: 30), .open(step: 30), .stopped(step: 10, bitsPerByte: 2)])
  }

  @Test("seeds of one configuration stop together, by their mean")
  func seeds() throws {
    let rounds = [SweepGroup.Round(step: 10, survivorCount: 1)]
    // The best single seed belongs to the worse mean.
    let facts = [[1.0, 4.0], [2.0, 2.2]].map { $0.map { Self.facts([10: $0]) } }
    let fates = SweepGroup.fates(facts, rounds, stepCount: 20)
    #expect(fates[0] == [.stopped(step: 10, bitsPerByte: 1), .stopped(step: 10, bitsPerByte: 4)])
    #expect(fates[1] == [.open(step: 20), .open(step: 20)])
  }

  @Test("the front holds what nothing beats in both flash and bits; data are apart, and what is equal stays")
  func front() throws {
    func row(_ flash: Int, _ bits: Double?, data: String = "a") -> SweepTable.Row {
      SweepTable.Row(
        student: "s", data: data, recipe: "default", rate: 1, stringCount: 0, windowTokenCount: 8, batchCount: 1,
        stepCount: 1, parameterCount: 1, flashByteCount: flash,
        trainings: [
          SweepTable.Training(
            id: ContentID(of: "x"), seed: 0, state: bits == nil ? .stopped : .finished, bitsPerByte: bits)
        ])
    }
    let rows = [
      row(10, 3), row(20, 2), row(20, 2.5), row(30, 2), row(40, 1), row(5, 0.5, data: "b"), row(1, nil), row(20, 2),
    ]
    #expect(SweepTable.marked(rows).map(\.isOnFront) == [true, true, false, false, true, true, nil, true])
  }
}
