/// A licence as the front matter of the Hugging Face Hub names it.
public enum HubLicense {
  /// Licences that the Hub knows by these names.
  private static let known: Set<String> = [
    "apache-2.0", "mit", "cc0-1.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "bsd-3-clause", "unlicense",
  ]

  /// The lines of YAML that say a licence, each with a line end. One that the Hub does not know is `other`, with its
  /// own name.
  /// - Parameters:
  ///   - license: an SPDX expression, or any words.
  ///   - link: a file or an address with the terms, for a licence that the Hub does not know.
  public static func lines(_ license: String, link: String? = nil) -> String {
    let name = license.lowercased()
    guard !known.contains(name) else { return "license: \(name)\n" }
    return "license: other\nlicense_name: \(quoted(license))\n" + (link.map { "license_link: \(quoted($0))\n" } ?? "")
  }

  /// A text between double quotes, as YAML reads it back.
  public static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
