import Basics
import Foundation

/// Where the project's own files are: corpora, teachers, firmware sources. Read, and written by `NewCorpus` alone,
/// which touches nothing that is there.
public struct ProjectFolders: Sendable {
  public var root: String
  public var corpora: String { "\(root)/Corpora" }
  public var teachers: String { "\(root)/teachers" }
  /// The project's own sources of engines, or those that came with the program.
  public var firmware: String { FirmwareFolder.find(project: self) ?? "\(root)/firmware" }

  public init(root: String) { self.root = root }

  /// The environment variable that names the root.
  public static let variable = "ALAMBIC_PROJECT"

  /// Finds the project: the environment variable, else the nearest folder with `Corpora/` and `teachers/` above the
  /// current folder, else above the program itself (a build inside a checkout).
  /// - Throws: `HintedError` when there is none, and for a variable that names none.
  public static func locate(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    currentFolder: String = FileManager.default.currentDirectoryPath,
    executable: String? = Bundle.main.executablePath
  ) throws -> ProjectFolders {
    if let found = try locateIfAny(environment: environment, currentFolder: currentFolder, executable: executable) {
      return found
    }
    throw HintedError(
      "no project found: neither \(currentFolder) nor a folder above it holds Corpora/ and teachers/",
      hint: "run inside a checkout of Alambic, make this folder a project (mkdir Corpora teachers), or set \(variable)",
      status: .usage)
  }

  /// The same for what works without a project, too.
  /// - Throws: `HintedError` for a variable that names none: whoever set it wants that project, not another.
  public static func locateIfAny(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    currentFolder: String = FileManager.default.currentDirectoryPath,
    executable: String? = Bundle.main.executablePath
  ) throws -> ProjectFolders? {
    if let named = environment[variable], !named.isEmpty {
      guard isProject(named) else {
        throw HintedError(
          "\(variable) is '\(named)', which holds no Corpora/ and teachers/",
          hint: "point it at a checkout of Alambic, or at a folder of yours with those two", status: .usage)
      }
      return ProjectFolders(root: named)
    }
    return [currentFolder, executable].compactMap(\.self).lazy.compactMap { nearestProject(above: $0) }.first
      .map { ProjectFolders(root: $0) }
  }

  private static func nearestProject(above path: String) -> String? {
    var url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    while url.path != "/" {
      if isProject(url.path) { return url.path }
      url.deleteLastPathComponent()
    }
    return nil
  }

  private static func isProject(_ path: String) -> Bool {
    ["Corpora", "teachers"].allSatisfy { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder) && isFolder.boolValue
    }
  }
}
