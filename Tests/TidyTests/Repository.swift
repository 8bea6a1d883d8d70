import Basics
import Foundation
import TestSupport

/// One text of the repository.
struct RepositoryFile: Sendable {
  /// Relative to the package's root.
  var path: String
  var text: String
  var byteCount: Int

  init(_ path: String, _ text: String) {
    self.path = path
    self.text = text
    byteCount = text.utf8.count
  }

  var name: String { String(path.split(separator: "/").last ?? "") }

  /// What follows the name's last dot, if that is not its first character; empty when there is none.
  var fileExtension: String { (name as NSString).pathExtension }

  /// The lines with their numbers, from 1.
  var lines: [(number: Int, text: Substring)] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { ($0.offset + 1, $0.element) }
  }

  var isSwift: Bool { fileExtension == "swift" }
  var isC: Bool { ["c", "h"].contains(fileExtension) }
  var isMarkdown: Bool { fileExtension == "md" }

  /// `Curation` for `Sources/Curation/Curator.swift`.
  var module: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
  }
}

/// The repository as git sees it: tracked files, and new ones that it does not ignore.
enum Repository {
  private static let loading = Task { try await load() }

  static var files: [RepositoryFile] {
    get async throws { try await loading.value }
  }

  static func file(_ path: String) async throws -> RepositoryFile {
    guard let file = try await files.first(where: { $0.path == path }) else {
      throw HintedError("the repository has no \(path)")
    }
    return file
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(PackageRoot.path)/\(path)")
  }

  private static func load() async throws -> [RepositoryFile] {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    let listing = try await runTool("git", arguments, in: PackageRoot.path)
    guard listing.status == 0 else { throw HintedError("git ls-files failed: \(listing.messages)") }
    let paths = listing.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    return try Set(paths).sorted().filter(exists).map { path in
      RepositoryFile(path, String(decoding: try AtomicFile.read("\(PackageRoot.path)/\(path)"), as: UTF8.self))
    }
  }
}
