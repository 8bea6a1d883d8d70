import Basics
import Curation

/// A checked proof as lines.
enum ProofText {
  static func text(_ check: ProofCheck) -> String {
    var lines = [
      "train      \(side(check.train))", "held out   \(side(check.heldOut))",
      "nearest    \(nearest(check.nearest, check.searchedFrom))",
    ]
    lines += check.references.map { "against    \($0.name): \(word($0.state))" }
    lines += check.faults.map { "wrong      \($0)" }
    if check.faults.isEmpty { lines.append("the split is as the proof says") }
    return lines.joined(separator: "\n")
  }

  private static func side(_ side: SplitProof.Side) -> String {
    "\(ReadableUnits.count(side.textCount)) texts, \(ReadableUnits.bytes(side.byteCount)), \(side.id.short)"
  }

  private static func nearest(_ pair: SplitProof.Pair?, _ least: Double) -> String {
    pair.map { "\($0.similarity) alike: \($0.train) in training, \($0.heldOut) held out" }
      ?? "no two of different sides are \(least) alike"
  }

  private static func word(_ state: ProofCheck.Reference.State) -> String {
    switch state {
    case .same: "nothing in common"
    case .changed: "another file by now, so not looked at"
    case .missing: "not there, so not looked at"
    }
  }
}
