import Basics
import Foundation
import Synchronization
import TestSupport
import Testing
import Workbench

/// What parts know of each other's spending: nothing but the files.
@Suite("the limit of spending of many parts")
struct PartBudgetTests {
  /// A part's work: requests that each cost at most `worst`, in attempts that a kill may end.
  private struct Work {
    var openCount: Int
    var spent = 0.0
    var isComplete = false
  }

  private static let worst = 0.1

  /// Works on a part until it is complete, has no money, or is killed.
  private static func attempt(
    _ part: Int, _ work: inout Work, _ budget: PartBudget, _ generator: inout SeededGenerator, dies: Bool
  ) throws {
    let lastCount = dies ? Int(generator.unit() * Double(work.openCount)) : 0
    while work.openCount > 0 {
      while try budget.allowance(of: part) - work.spent < worst {
        guard try budget.borrow(for: part) > 0 else { return }
      }
      if dies, work.openCount <= lastCount {
        // What was under way counts as spent, and is sent again.
        work.spent += worst
        return
      }
      work.spent += worst * generator.unit()
      work.openCount -= 1
    }
    work.isComplete = true
  }

  @Test("whatever happens in whatever order, parts never spend more than the limit, and what is left goes around")
  func neverMore() async throws {
    var transferCount = 0
    for seed in 0..<24 as Range<UInt64> {
      try await withTemporaryFolder { folder in
        var generator = SeededGenerator(seed: seed)
        let count = 2 + Int(generator.unit() * 9)
        var works = (0..<count).map { _ in Work(openCount: Int(generator.unit() * 12)) }
        let limit = worst(of: works) * (0.4 + 0.8 * generator.unit()) + 0.01
        for _ in 0..<20 * count {
          let part = 1 + Int(generator.unit() * Double(count))
          guard !works[part - 1].isComplete else {
            // A recipe that changed: there is more to do, and earlier parts do not count.
            if generator.unit() < 0.05 { works[part - 1] = Work(openCount: 3, spent: works[part - 1].spent) }
            continue
          }
          var work = works[part - 1]
          let others = works
          let budget = PartBudget(limit: limit, partCount: count, under: folder) { other, take in
            others[other - 1].isComplete ? try take(others[other - 1].spent) : 0
          }
          try Self.attempt(part, &work, budget, &generator, dies: generator.unit() < 0.3)
          works[part - 1] = work
          #expect(works.map(\.spent).reduce(0, +) <= limit + 1e-9, "seed \(seed)")
        }
        let budget = PartBudget(limit: limit, partCount: count, under: folder) { _, _ in 0 }
        let allowances = try (1...count).map { try budget.allowance(of: $0) }
        #expect(abs(allowances.reduce(0, +) - limit) < 1e-9, "seed \(seed)")
        #expect(zip(works, allowances).allSatisfy { $0.spent <= $1 + 1e-9 }, "seed \(seed)")
        transferCount += (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/budget").count) ?? 0
      }
    }
    #expect(transferCount > 20)
  }

  private func worst(of works: [Work]) -> Double { works.reduce(0) { $0 + Self.worst * Double($1.openCount) } }

  @Test("parts that borrow at the same moment never get the same money")
  func atOnce() async throws {
    try await withTemporaryFolder { folder in
      // 16 are complete and have spent nothing; 16 want all of it.
      let taken = Mutex([Double]())
      DispatchQueue.concurrentPerform(iterations: 16) { index in
        let budget = PartBudget(limit: 32, partCount: 32, under: folder) { other, take in other > 16 ? try take(0) : 0 }
        for _ in 0..<5 {
          if let amount = try? budget.borrow(for: index + 1) { taken.withLock { $0.append(amount) } }
        }
      }
      #expect(abs(taken.withLock { $0 }.reduce(0, +) - 16) < 1e-9)
      let budget = PartBudget(limit: 32, partCount: 32, under: folder) { _, _ in 0 }
      let allowances = try (1...32).map { try budget.allowance(of: $0) }
      #expect(abs(allowances.prefix(16).reduce(0, +) - 32) < 1e-9 && allowances.suffix(16).allSatisfy { $0 == 0 })
      // Of another number of parts nothing counts.
      #expect(try PartBudget(limit: 32, partCount: 16, under: folder) { _, _ in 0 }.allowance(of: 1) == 2)
    }
  }

  @Test("a transfer that cannot be read stops the part: without it nobody knows what it may spend")
  func damaged() async throws {
    try await withTemporaryFolder { folder in
      let budget = PartBudget(limit: 4, partCount: 4, under: folder) { other, take in other == 2 ? try take(0.25) : 0 }
      #expect(try budget.borrow(for: 1) == 0.75)
      #expect(try budget.allowance(of: 1) == 1.75 && budget.allowance(of: 2) == 0.25)
      #expect(try budget.borrow(for: 3) == 0)
      let path = "\(folder)/budget/2-of-4-1.json"
      let text = String(decoding: try AtomicFile.read(path), as: UTF8.self)
      for (old, new) in [
        ("0.75", "-0.75"), ("\"from\" : 2", "\"from\" : 3"), ("part-transfer/1", "part-transfer/2"), ("{", ""),
      ] {
        #expect(text.contains(old), "\(text)")
        try AtomicFile.write(text.replacingOccurrences(of: old, with: new), to: path)
        #expect(throws: HintedError.self) { try budget.allowance(of: 1) }
      }
    }
  }
}
