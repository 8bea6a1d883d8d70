import Console
import Formats
import Lineage

/// A score for a person: a row a set, the student beside the baselines; below them, what an emulated core replied.
enum ScoreTable {
  static func text(_ score: Score) -> String {
    var table = Table(
      [("questions", .left), ("asked", .right), ("student", .right)] + score.baselines.map { ($0.name, .right) })
    for result in score.sets {
      table.add(
        [result.set.title, String(result.right.count), "\(result.right.percent) %"]
          + score.baselines.map { $0[result.set].map { "\($0.right.percent) %" } ?? "" })
    }
    return table.text + (score.emulated.map { "\n\n\($0.summary)" } ?? "")
  }
}
