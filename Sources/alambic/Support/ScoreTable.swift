import Basics
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

  /// The student's held-out requests, the worst label first.
  static func labels(of score: Score) throws -> String {
    guard let set = score.sets.first(where: { $0.set == .heldOut }), !set.labels.isEmpty else {
      throw HintedError(
        "the held-out requests have no labels",
        hint: "name a list whose words are labels: `label` in the recipe's task",
        status: .usage)
    }
    var table = Table([("held-out requests", .left), ("asked", .right), ("student", .right)])
    let share = { (group: Score.Group) in Double(group.right.rightCount) / Double(max(1, group.right.count)) }
    for group in set.labels.sorted(by: { (share($0), $0.name) < (share($1), $1.name) }) {
      table.add([group.name, String(group.right.count), "\(group.right.percent) %"])
    }
    return table.text
  }
}
