import Foundation

/// Real data for tests, beside the checkout: `../shared/data`. Of it only `Tests/TestSupport/Goldens` is part of the
/// repository; tests that need more say that they were skipped where it is absent.
public enum SharedData {
  public static let skipReason = "needs ../shared/data beside the checkout, which is absent"

  public static var isPresent: Bool { FileManager.default.fileExists(atPath: folder) }

  /// The path of a file such as `atome/atome_944k.atome`; nil where it is absent.
  public static func path(_ name: String) -> String? {
    let golden = "\(PackageRoot.path)/Tests/TestSupport/Goldens/\(name.split(separator: "/").last ?? "")"
    return [golden, "\(folder)/\(name)"].first { FileManager.default.fileExists(atPath: $0) }
  }

  private static let folder = "\(PackageRoot.path)/../shared/data"
}

/// The package's root folder, found from this file's own place.
public enum PackageRoot {
  public static let path = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
