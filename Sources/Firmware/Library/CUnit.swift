import Basics

/// A C file of the engine on its way into one file with others.
struct CUnit {
  /// `atome_checks.c`.
  var name: String
  var text: String
  /// Whether its functions that are not static are for the caller; else they are for the other files alone.
  var isPublic = false

  /// What it defines outside of functions.
  var names: Set<String> { CNames(in: text).all }

  /// In the order in which they come.
  var macros: [String] {
    var seen: Set<String> = []
    return text.matches(of: #/# *define (\w+)/#).map { String($0.1) }.filter { seen.insert($0).inserted }
  }

  /// The same with longer names for those that other files define, too: `inside` becomes `checks_inside`.
  func renaming(_ shared: Set<String>) -> String {
    let stem = name.replacing(#/^atome_|\.[ch]$/#, with: "")
    let ours = names.intersection(shared)
    guard !ours.isEmpty else { return text }
    return text.replacing(#/(->|\.)?\b[A-Za-z_]\w*/#) { match in
      // What stands behind a dot or an arrow is a field of a struct.
      ours.contains(String(match.0)) ? "\(stem)_\(match.0)" : String(match.0)
    }
  }
}
