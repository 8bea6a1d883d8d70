import Basics
import Formats
import Networks
import Testing
import Training

@Suite("Speed, and the steps that fit into a time")
struct TrainingSpeedTests {
  @Test(
    "So many steps fit that one more does not",
    arguments: [
      (0.01, 0.5, 100, 60.0), (0.003, 0.0, 500, 5.0), (1.0, 2.0, 1, 10.0), (0.5, 0.25, 7, 3.5), (2.0, 0.0, 10, 1.0),
    ])
  func fits(perStep: Double, perEvaluation: Double, interval: Int, budget: Double) {
    let speed = TrainingSpeed(secondsPerStep: perStep, secondsPerEvaluation: perEvaluation)
    let count = speed.stepCount(within: budget, evaluationInterval: interval)
    #expect(speed.seconds(ofSteps: count, evaluationInterval: interval) <= budget)
    #expect(speed.seconds(ofSteps: count + 1, evaluationInterval: interval) > budget)
  }

  @Test("Known answers: ten steps of a second with an evaluation after each fifth, and after the last")
  func known() {
    let speed = TrainingSpeed(secondsPerStep: 1, secondsPerEvaluation: 3)
    #expect(speed.seconds(ofSteps: 10, evaluationInterval: 5) == 16)
    #expect(speed.seconds(ofSteps: 11, evaluationInterval: 5) == 20)
    #expect(speed.stepCount(within: 16, evaluationInterval: 5) == 10)
    #expect(speed.stepCount(within: 19.5, evaluationInterval: 5) == 10)
    #expect(speed.stepCount(within: 3.5, evaluationInterval: 5) == 0)
    let free = TrainingSpeed(secondsPerStep: 0, secondsPerEvaluation: 0)
    #expect(free.stepCount(within: 1, evaluationInterval: 5) == TrainingSettings.stepCounts.upperBound)
  }

  /// A clock that goes on by a second each time that it is read.
  private final class Readings {
    var count = 0.0
    func next() -> Double {
      count += 1
      return count
    }
  }

  @Test("The first steps are not measured, and at least one of each kind is", arguments: [0.5, 5, 40])
  func measured(limit: Double) throws {
    let trainer = try Trainer(
      shape: TrainingFixture.shape, settings: TrainingFixture.settings, data: TrainingFixture.data(), threadCount: 1)
    let clock = Readings()
    let speed = try trainer.measuredSpeed(limit: limit, now: clock.next)
    #expect(speed == TrainingSpeed(secondsPerStep: 1, secondsPerEvaluation: 1))
    // Before each unmeasured step the clock is read once, so a limit of 5 seconds has room for four of ten.
    let unmeasured = limit == 0.5 ? 0 : limit == 5 ? 4 : 10
    #expect(trainer.step == unmeasured + max(1, Int(limit)))
  }
}
