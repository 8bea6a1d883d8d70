extension TeacherProfile {
  /// What is wrong with an address that requests should go to; nil where nothing is. The address is not quoted: it may
  /// hold a key, which would go on into ledger, receipts and bundles.
  public static func fault(ofEndpoint text: String) -> (what: String, hint: String?)? {
    guard ["http://", "https://"].contains(where: text.hasPrefix) else {
      return ("should start with http:// or https://", nil)
    }
    guard !text.contains(where: { "?#@".contains($0) || $0.isWhitespace }) else {
      return (
        "holds a query, a user or a space",
        "keys belong in the environment, see keyVariable; what follows a '?' belongs under the profile's key query"
      )
    }
    guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else {
      return ("holds a character beyond ASCII", nil)
    }
    return nil
  }

  /// Without slashes at its end.
  public static func trimmed(endpoint text: String) -> String {
    var text = text
    while text.hasSuffix("/") { text.removeLast() }
    return text
  }
}
