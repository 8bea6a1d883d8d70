import Foundation

/// Folders that came with the program: of the checkout that it was built in, or below the prefix that it was installed
/// to.
enum ShippedFiles {
  /// Where such a folder may be, the most likely place first.
  static func folders(_ name: String, executable: String? = Bundle.main.executablePath) -> [String] {
    guard let executable else { return [] }
    let checkout = try? ProjectFolders.locate(environment: [:], currentFolder: "/", executable: executable)
    let prefix = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().path
    return (checkout.map { ["\($0.root)/\(name)"] } ?? []) + ["\(prefix)/share/alambic/\(name)"]
  }
}
