import Basics
import Similarity

extension CurationSettings {
  /// The settings as a receipt holds them: text by name.
  public var receiptSettings: [String: String] {
    var settings = [
      "boundary": boundary.description,
      "characters": characters.rawValue,
      "minimumByteCount": String(byteCounts.lowerBound),
      "maximumByteCount": String(byteCounts.upperBound),
      "heldOutFraction": String(heldOutFraction),
      "seed": String(seed),
      // Documents without counts are another file.
      "repeats": "counted",
    ]
    // Not said where it is as it always was, so that what was made before stays up to date.
    if truncated != .refuse { settings["truncated"] = truncated.rawValue }
    if !filters.isEmpty { settings["filters"] = filters.description }
    if let contamination { settings["against"] = contamination.id.description }
    if let openingShare { settings["openingShare"] = String(openingShare) }
    if let sharedPart { settings["sharedPart"] = String(sharedPart) }
    if let nearDuplicates {
      settings["nearDuplicates"] = "\(nearDuplicates.threshold)\(keepsNearDuplicates ? " kept" : "")"
    }
    return settings
  }
}

extension DocumentBoundary: CustomStringConvertible {
  /// `blank-line`, `whole-answer`, or `separator:` and the text.
  public var description: String {
    switch self {
    case .blankLine: "blank-line"
    case .wholeAnswer: "whole-answer"
    case .separator(let text): "separator:\(text)"
    }
  }
}
