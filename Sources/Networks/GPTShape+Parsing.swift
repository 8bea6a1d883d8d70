import Basics

extension GPTShape {
  /// Whether a text tells a plain GPT's dimensions: only they have heads.
  public static func isDescribed(by text: String) -> Bool { text.contains("n_heads=") }

  /// Parses `d_model=40,n_layers=3,n_heads=5,d_ff=80`, in any order, each key once; the context is the window. With
  /// `tied=1` it has one table of tokens, without it, or with `tied=0`, two.
  /// - Throws: `HintedError` for a key that is missing, unknown or told twice, or a shape outside its limits.
  public init(parsing text: String, window: Int) throws {
    let names = ["d_model", "n_layers", "n_heads", "d_ff"]
    let tied = "tied"
    func unreadable(_ what: String) -> HintedError {
      HintedError(
        "shape: \(what) in '\(text)'", hint: "a GPT's shape reads like d_model=40,n_layers=3,n_heads=5,d_ff=80",
        status: .usage)
    }
    var found: [String: Int] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2, (names + [tied]).contains(pair[0]), let value = Int(pair[1]),
        found[pair[0]] == nil
      else {
        throw unreadable("cannot read '\(part)'")
      }
      found[pair[0]] = value
    }
    let values = try names.map { name in
      guard let value = found[name] else { throw unreadable("no \(name)") }
      return value
    }
    guard let isTied = [0: false, 1: true][found[tied] ?? 0] else { throw unreadable("'\(tied)' is neither 0 nor 1") }
    self.init(
      modelWidth: values[0], layerCount: values[1], headCount: values[2], feedForwardWidth: values[3],
      contextLength: window, isTied: isTied)
    try validate()
  }
}
