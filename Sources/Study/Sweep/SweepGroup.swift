import Basics
import Formats
import Training

/// Trainings that are compared with each other on their way, by successive halving (Jamieson and Talwalkar 2016,
/// Non-stochastic Best Arm Identification and Hyperparameter Optimization, arXiv:1502.07943, algorithm 1): the budget
/// is shared equally by the rounds, each round's share equally by those who are left, and the better part goes on.
/// That part is one of eta, as in Hyperband (Li et al. 2018), rounded up. Without rungs, a group is one training.
package struct SweepGroup: Sendable {
  package struct Round: Hashable, Sendable {
    /// After which all that are left are compared.
    package var step: Int
    /// How many configurations go on.
    package var survivorCount: Int

    package init(step: Int, survivorCount: Int) { (self.step, self.survivorCount) = (step, survivorCount) }
  }

  /// Who is dealt to a part.
  let id: ContentID
  /// One configuration's trainings each, which differ in the seed and stop together.
  let arms: [[SweepTraining]]
  let rounds: [Round]

  /// How far a training is, by what is known of all.
  package enum Fate: Hashable, Sendable {
    /// The next thing to do with it: train to that step.
    case open(step: Int)
    /// Until others of its group are so far.
    case waiting
    case finished
    case diverged
    case stopped(step: Int, bitsPerByte: Double)
  }

  init(arms: [[SweepTraining]], rounds: [Round]) throws {
    (self.arms, self.rounds) = (arms, rounds)
    let ids = arms.flatMap { $0.map(\.id) }
    id = try ids.count == 1 ? ids[0] : ContentID(ofCanonical: ids.map(\.description).sorted())
  }

  /// - Parameter armCount: of configurations, each with `seedCount` trainings of `stepCount` steps.
  /// - Throws: `HintedError` for a budget that is too small.
  package static func rounds(
    armCount: Int, seedCount: Int, stepCount: Int, _ rungs: SweepFile.Rungs
  ) throws -> [Round] {
    var counts = [armCount]
    while let last = counts.last, last > 1 { counts.append((last + rungs.eta - 1) / rungs.eta) }
    let roundCount = counts.count - 1
    guard roundCount > 0 else { return [] }
    // The one that is left trains to the end.
    let share = (rungs.budget - seedCount * stepCount) / roundCount
    guard share >= armCount * seedCount else {
      let least = seedCount * stepCount + roundCount * armCount * seedCount
      throw HintedError(
        "rungs.budget is \(rungs.budget) steps, and a group has \(armCount) configurations of \(seedCount) "
          + "\(seedCount == 1 ? "seed" : "seeds") and \(stepCount) steps: it needs \(least) or more",
        hint: "all of them without rungs take \(armCount * seedCount * stepCount) steps", status: .usage)
    }
    var (step, rounds) = (0, [Round]())
    for index in 0..<roundCount {
      step += share / (counts[index] * seedCount)
      // Who is left can train to the end.
      if step >= stepCount { break }
      rounds.append(Round(step: step, survivorCount: counts[index + 1]))
    }
    return rounds
  }

  /// How many steps all its trainings take together, if none diverges.
  var stepCount: Int {
    var (count, alive, done) = (0, arms.count, 0)
    let seedCount = arms.first?.count ?? 0
    for round in rounds {
      count += alive * seedCount * (round.step - done)
      (alive, done) = (round.survivorCount, round.step)
    }
    return count + alive * seedCount * ((arms.first?.first?.settings.stepCount ?? 0) - done)
  }

  func fates(_ facts: [[SweepFacts]]) -> [[Fate]] {
    Self.fates(facts, rounds, stepCount: arms.first?.first?.settings.stepCount ?? 0)
  }

  /// - Parameter facts: of the trainings, arm by arm.
  /// - Returns: the fates, arm by arm. They depend on the facts alone, whoever found them and when.
  package static func fates(_ facts: [[SweepFacts]], _ rounds: [Round], stepCount: Int) -> [[Fate]] {
    var fates = facts.map { $0.map { _ in Fate.waiting } }
    var left = Array(facts.indices)
    for round in rounds {
      let bits = left.map { arm in facts[arm].map { $0.bitsPerByte(afterStep: round.step) } }
      let isOpen = bits.contains { $0.contains(nil) }
      guard !isOpen else {
        for (arm, bits) in zip(left, bits) {
          for (index, bits) in bits.enumerated() where bits == nil { fates[arm][index] = .open(step: round.step) }
        }
        return fates
      }
      let means = bits.map { seeds in seeds.reduce(0) { $0 + ($1 ?? .infinity) } / Double(max(1, seeds.count)) }
      // Of equal ones the first in the file goes on.
      let order = left.indices.sorted { (means[$0], $0) < (means[$1], $1) }
      for place in order.dropFirst(round.survivorCount) {
        let arm = left[place]
        fates[arm] = facts[arm].map { facts in
          if facts.isDiverged { return .diverged }
          return .stopped(step: round.step, bitsPerByte: facts.bitsPerByte(afterStep: round.step) ?? .infinity)
        }
      }
      left = order.prefix(round.survivorCount).sorted().map { left[$0] }
    }
    for arm in left {
      fates[arm] = facts[arm].map { facts in
        if facts.isDiverged { return .diverged }
        return facts.result == nil ? .open(step: stepCount) : .finished
      }
    }
    return fates
  }

  /// The next thing to do; nil where the group is done.
  func next(_ facts: [[SweepFacts]]) -> (training: SweepTraining, step: Int)? {
    for (arm, fates) in zip(arms, fates(facts)) {
      for (training, fate) in zip(arm, fates) {
        if case .open(let step) = fate { return (training, step) }
      }
    }
    return nil
  }
}

extension SweepGroup {
  /// - Throws: `HintedError` for a budget that is too small for a group.
  static func groups(of configurations: [SweepPlan.Configuration], rungs: SweepFile.Rungs?) throws -> [SweepGroup] {
    guard let rungs else {
      var seen: Set<ContentID> = []
      let trainings = configurations.flatMap(\.trainings).filter { seen.insert($0.id).inserted }
      return try trainings.map { try SweepGroup(arms: [[$0]], rounds: []) }
    }
    struct Key: Hashable {
      var data: String
      var steps: Int
      var shape: String?
    }
    var order: [Key] = []
    var arms: [Key: [[SweepTraining]]] = [:]
    var seen: Set<[ContentID]> = []
    // Two forms of one training are one arm.
    for one in configurations where seen.insert(one.trainings.map(\.id)).inserted {
      let key = Key(
        data: one.data, steps: one.steps, shape: rungs.among == .shape ? one.contestant.shape.text : nil)
      if arms[key] == nil { order.append(key) }
      arms[key, default: []].append(one.trainings)
    }
    return try order.map { key in
      let arms = arms[key] ?? []
      let rounds = try rounds(
        armCount: arms.count, seedCount: arms.first?.count ?? 1, stepCount: key.steps, rungs)
      return try SweepGroup(arms: arms, rounds: rounds)
    }
  }
}
