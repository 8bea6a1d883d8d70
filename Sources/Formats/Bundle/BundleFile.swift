import Basics

/// One file of a bundle.
public struct BundleFile: Hashable, Sendable {
  /// Relative to the bundle's folder, with `/` between parts: `recipe/prompts.yaml`.
  public var path: String
  public var bytes: [UInt8]

  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  public init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }
}

/// Which paths a bundle may hold: such as every system can store, and none that could lead out of the folder.
public enum BundlePath {
  /// The name of the bundle's folder, a slash and the path share a tar header's 100 bytes.
  static let largestByteCount = TarFormat.nameByteCount

  /// What is wrong with a path, in one clause; nil when nothing is.
  public static func violation(of path: String) -> String? {
    if path.isEmpty { return "it is empty" }
    if path.utf8.count > largestByteCount { return "it is longer than \(largestByteCount) bytes" }
    if !path.utf8.allSatisfy(isAllowed) { return "only letters, digits, '.', '_', '-' and '/' are allowed" }
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
      if part.isEmpty { return "it has an empty part" }
      if part.allSatisfy({ $0 == "." }) { return "it has the part '\(part)'" }
    }
    return nil
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"): true
    default: false
    }
  }
}
