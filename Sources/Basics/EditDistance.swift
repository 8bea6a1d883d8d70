/// Near misses: which of some names a mistyped one probably meant.
public enum EditDistance {
  /// The closest candidate, if it is at most a third of its letters away; ties go to the earlier one.
  public static func nearest(to name: String, in candidates: [String]) -> String? {
    candidates
      .map { (candidate: $0, distance: between(name, $0)) }
      .filter { $0.distance <= max(1, $0.candidate.count / 3) }
      .min { $0.distance < $1.distance }?.candidate
  }

  /// Levenshtein's distance: insertions, deletions and substitutions.
  static func between(_ left: String, _ right: String) -> Int {
    let target = Array(right)
    var previous = Array(0...target.count)
    for (row, character) in left.enumerated() {
      var current = [row + 1]
      for column in target.indices {
        let substitution = previous[column] + (character == target[column] ? 0 : 1)
        current.append(min(substitution, previous[column + 1] + 1, current[column] + 1))
      }
      previous = current
    }
    return previous[target.count]
  }
}
