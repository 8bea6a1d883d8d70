import Basics
import Intake

extension FileCurationSettings {
  /// All that decides what a part leaves, and what a merge makes of it: text by name.
  public var partSettings: [String: String] {
    var named = curation.receiptSettings
    named["alambic"] = AlambicVersion.current
    named["paths"] = paths.joined(separator: "\u{0}")
    named["text"] = template.source
    named["format"] = format.map { "\($0)" } ?? "by name"
    named["separator"] = "\(separator)"
    if let columns { named["columns"] = columns.joined(separator: "\u{0}") }
    if let splitKey { named["splitBy"] = splitKey.description }
    if let proof { named["proof"] = "\(proof)" }
    return named
  }
}
