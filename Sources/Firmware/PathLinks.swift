import Basics
import Foundation

/// Names for paths that make and the shell can take. Make cuts at spaces, expands `$`, `%` and `#`, and hands what is
/// left to a shell, to which `;` and quotes mean something: no quoting reaches through both. So a path with any such
/// character is never shown to them: they see a symbolic link to it, in a folder of its own.
package struct PathLinks {
  /// The links' folder; nil where no path needs one.
  private let folder: String?
  /// What stands for a path: the longest of these that begin it is replaced.
  private var links: [(path: String, link: String)] = []

  /// Letters, digits, and what has no meaning to make or a shell.
  package static func isPlain(_ path: String) -> Bool {
    path.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."): true
      case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "@"), UInt8(ascii: ","): true
      default: false
      }
    }
  }

  /// - Parameter paths: absolute ones, of folders and files.
  /// - Throws: `HintedError` where the system's folder for temporary files cannot be written.
  package init(_ paths: [String]) throws {
    let odd = paths.filter { !Self.isPlain($0) }
    guard !odd.isEmpty else {
      folder = nil
      return
    }
    let folder = try Self.makeFolder()
    self.folder = folder
    for (number, path) in Set(odd.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }).sorted().enumerated() {
      // A file in a folder that has a link already needs none of its own.
      guard !Self.isPlain(replaced(path)) else { continue }
      let link = "\(folder)/\(number)"
      do {
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
      } catch {
        remove()
        throw HintedError("cannot link \(link) to \(path): \(error.localizedDescription)", status: .unavailable)
      }
      links.append((path, link))
    }
  }

  /// The path as make may see it.
  package func replaced(_ path: String) -> String {
    guard let (linked, link) = links.last(where: { path == $0.path || path.hasPrefix("\($0.path)/") }) else {
      return path
    }
    return link + path.dropFirst(linked.count)
  }

  /// A text in which the links' names are what they stand for: for a person.
  package func restored(in text: String) -> String {
    links.reduce(text) { $0.replacingOccurrences(of: $1.link, with: $1.path) }
  }

  package func remove() {
    if let folder { try? FileManager.default.removeItem(atPath: folder) }
  }

  private static func makeFolder() throws -> String {
    let usual = FileManager.default.temporaryDirectory.path
    let base = isPlain(usual) ? usual : "/tmp"
    let folder = "\(base)/alambic-\(UUID().uuidString)"
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
      throw HintedError(
        "cannot make \(folder), for names that make can take: \(error.localizedDescription)",
        hint: "set TMPDIR to a folder that can be written", status: .unavailable)
    }
    return folder
  }
}
