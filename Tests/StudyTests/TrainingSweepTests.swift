import Study
import Testing

@Suite struct TrainingSweepTests {
  /// Cells of every size, whose steps take so many nanoseconds.
  private static func curve(_ nanoseconds: (_ window: Double, _ batch: Double) -> Double) -> TrainingSweep.Curve {
    let cells = TrainingSweep.doubled(from: 64, through: 1024).flatMap { window in
      TrainingSweep.doubled(from: 4, through: 64).map { batch in
        let time = nanoseconds(Double(window), Double(batch)) / Double(window * batch)
        return TrainingSweep.Cell(
          windowTokenCount: window, batchCount: batch, nanosecondsPerByte: Rounds(times: [time, 2 * time]))
      }
    }
    return TrainingSweep.Curve(preset: "a shape", cells: cells)
  }

  @Test(
    "a time that is made of the three parts gives them back", arguments: [[0, 700, 0], [3e6, 4000, 2], [1e7, 0, 9]])
  func parts(parts: [Double]) {
    let cost = Self.curve { window, batch in
      parts[0] + window * batch * (parts[1] + (window + 1) / 2 * parts[2])
    }.cost
    #expect(abs(cost.nanosecondsPerStep - parts[0]) < 1e-3 * max(1, parts[0]))
    #expect(abs(cost.nanosecondsPerByte - parts[1]) < 1e-3 * max(1, parts[1]))
    #expect(abs(cost.nanosecondsPerPair - parts[2]) < 1e-3)
    #expect(cost.medianError < 1e-6)
  }

  @Test("no part is below zero, and the others are fitted without it")
  func sign() {
    let cost = Self.curve { window, batch in window * batch * (700 + window / 2) - 20_000 }.cost
    #expect(cost.nanosecondsPerStep == 0 && abs(cost.nanosecondsPerByte - 690) < 20)
    #expect(abs(cost.nanosecondsPerPair - 1) < 0.1)
  }

  @Test("sizes double up to the largest")
  func sizes() {
    #expect(TrainingSweep.doubled(from: 64, through: 1024) == [64, 128, 256, 512, 1024])
    #expect(TrainingSweep.doubled(from: 4, through: 15) == [4, 8])
  }

  @Test("a time that is not leaves an error")
  func error() {
    #expect(Self.curve { window, batch in window * window * window * batch }.cost.medianError > 0.1)
  }
}
