import Basics
import Foundation

/// Where the sources of engines and boards are, from which proofs, firmware and libraries are built. A project may have
/// its own; others take those that came with the program.
public enum FirmwareFolder {
  /// - Throws: `HintedError` of status `.unavailable` where they are nowhere, and for a project's variable that names
  ///   none.
  public static func locate() throws -> String {
    if let found = try locateIfAny() { return found }
    throw HintedError(
      "the sources of the engines are in none of \(places(project: try .locateIfAny()).joined(separator: ", "))",
      hint: "run inside a checkout of Alambic, or install the program with `make install`", status: .unavailable)
  }

  /// The same for what works without them, too.
  public static func locateIfAny() throws -> String? { find(project: try .locateIfAny()) }

  /// - Parameters:
  ///   - project: looked into first; none is needed.
  ///   - executable: the program, for what came with it.
  static func find(project: ProjectFolders?, executable: String? = Bundle.main.executablePath) -> String? {
    places(project: project, executable: executable).first {
      FileManager.default.fileExists(atPath: "\($0)/boards.json")
    }
  }

  private static func places(
    project: ProjectFolders?, executable: String? = Bundle.main.executablePath
  ) -> [String] {
    (project.map { ["\($0.root)/firmware"] } ?? []) + ShippedFiles.folders("firmware", executable: executable)
  }
}
