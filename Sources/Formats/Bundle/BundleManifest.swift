import Basics

/// `manifest.json` of a bundle: what it is and what it holds. Its hash names the bundle.
public struct BundleManifest: Hashable, Codable, Sendable {
  public static let currentSchema = "alambic.bundle/1"
  public static let path = "manifest.json"
  public static let checksumsPath = "SHA256SUMS"

  public var schema = currentSchema
  /// Letters, digits, `.`, `_` and `-`.
  public var name: String
  /// The version of alambic that sealed it.
  public var alambicVersion: String
  /// Every file but the manifest itself and SHA256SUMS, in the archive's order.
  public var files: [Entry]

  public struct Entry: Hashable, Codable, Sendable {
    public var path: String
    public var id: ContentID
    public var byteCount: Int

    public init(path: String, id: ContentID, byteCount: Int) {
      self.path = path
      self.id = id
      self.byteCount = byteCount
    }
  }

  public init(name: String, alambicVersion: String = AlambicVersion.current, files: [BundleFile]) {
    self.name = name
    self.alambicVersion = alambicVersion
    self.files = files.map { Entry(path: $0.path, id: ContentID(of: $0.bytes), byteCount: $0.bytes.count) }
  }

  /// What is wrong with a bundle's name, in one clause; nil when nothing is.
  public static func violation(ofName name: String) -> String? {
    if name.contains("/") { return "it has a slash" }
    if name.hasPrefix("-") || name.hasPrefix(".") { return "it begins with '\(name.prefix(1))'" }
    if name.utf8.count > 40 { return "it is longer than 40 bytes" }
    return BundlePath.violation(of: name)
  }
}
