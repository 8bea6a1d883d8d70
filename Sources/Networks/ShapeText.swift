import Basics

/// Reads dimensions as people write them: `d_model=256,n_layers=8`, in any order, each key once.
enum ShapeText {
  /// The values of `names`, in their order.
  /// - Parameters:
  ///   - defaults: values of names that may be left out.
  ///   - example: a shape of the kind, for messages.
  /// - Throws: `HintedError` that quotes what cannot be read or says what is lacking.
  static func values(of text: String, names: [String], defaults: [String: Int] = [:], example: String) throws -> [Int] {
    var found: [String: Int] = [:]
    let hint = "a shape reads like \(example)"
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1).map { $0.trimmingSpaces }
      guard pair.count == 2, names.contains(pair[0]), let value = Int(pair[1]), found[pair[0]] == nil else {
        throw HintedError("shape: cannot read '\(part)' in '\(text)'", hint: hint, status: .usage)
      }
      found[pair[0]] = value
    }
    return try names.map { name in
      guard let value = found[name] ?? defaults[name] else {
        throw HintedError("shape: '\(text)' lacks \(name)", hint: hint, status: .usage)
      }
      return value
    }
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
