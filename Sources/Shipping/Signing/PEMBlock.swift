import Basics
import Foundation

/// A block of a PEM file (RFC 7468). OpenSSL writes a key's curve in a block of its own before the key, which the
/// cryptographic library does not expect; so blocks are looked for by their labels.
enum PEMBlock {
  /// The text of the first block with one of these labels, without what is around it; nil where there is none.
  static func find(_ labels: [String], in text: String) -> String? {
    for label in labels {
      let (start, end) = ("-----BEGIN \(label)-----", "-----END \(label)-----")
      guard let first = text.range(of: start), let last = text.range(of: end, range: first.upperBound..<text.endIndex)
      else { continue }
      return String(text[first.lowerBound..<last.upperBound])
    }
    return nil
  }

  /// As OpenSSL spells it: 64 characters a line, a line feed at the end.
  static func text(_ label: String, _ bytes: some DataProtocol) -> String {
    let characters = Array(Data(bytes).base64EncodedString())
    let lines = stride(from: 0, to: characters.count, by: 64).map { start in
      String(characters[start..<min(start + 64, characters.count)])
    }
    return "-----BEGIN \(label)-----\n\(lines.joined(separator: "\n"))\n-----END \(label)-----\n"
  }
}
