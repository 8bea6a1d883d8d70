import Basics
import Conversation
import Formats

extension InferenceBench {
  /// A page of several images.
  /// - Parameter command: the command that writes it.
  public static func markdown(_ benches: [InferenceBench], command: String) -> String {
    let rows = benches.flatMap { bench in
      bench.rates.map { rate in
        "| \(bench.model), \(bench.arithmetic) | \(rate.engine.rawValue) | \(cells(rate.prefill)) | "
          + "\(cells(rate.generation)) | \(ratios(bench, rate.engine)) |"
      }
    }
    let rounds = benches.first.map { "\($0.prefillRatio.count) rounds of \(ReadableUnits.count($0.byteCount)) bytes" }
    return """
      # How fast models run on a computer

      Written by the command below; do not edit. Bytes a second of one thread, best and median of
      \(rounds ?? "no rounds"), by the Swift engine and by the C engine that is flashed, compiled for this machine.
      Reading is a step a byte, writing a step and the greedy choice. Context: \(benches.first?.context ?? 0) positions.
      Machine: \(Processor.name). What a core takes is counted instead: [float](engine-cost.md),
      [integer](integer-cost.md).

      ```
      \(command)
      ```

      | model | engine | reading | | writing | | C over Swift, reading / writing |
      |---|---|--:|--:|--:|--:|--:|
      \(rows.joined(separator: "\n"))

      The engines take turns. The Swift engine of float images keeps every weight as a float; the C engine unpacks trits
      at every step, as a core with little RAM must. A ratio is the best round of C over the best of Swift. The images,
      in order:
      \(benches.map { "`\($0.image.short)`" }.joined(separator: ", ")).

      """
  }

  private static func cells(_ rounds: Rounds) -> String {
    [rounds.best, rounds.median].map { ReadableUnits.count(Int($0.rounded())) }.joined(separator: " | ")
  }

  private static func ratios(_ bench: InferenceBench, _ engine: HostEngine) -> String {
    guard engine == .c else { return "" }
    return [bench.prefillRatio, bench.generationRatio].map { "\($0.best.rounded(toPlaces: 2))" }.joined(
      separator: " / ")
  }
}
