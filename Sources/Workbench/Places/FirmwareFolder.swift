import Basics
import Foundation

/// Where the sources of engines and boards are, from which proofs, firmware and libraries are built. A project may have
/// its own; others take those that came with the program.
public enum FirmwareFolder {
  /// - Parameters:
  ///   - project: looked into first; none is needed.
  ///   - executable: the program, for what came with it.
  /// - Throws: `HintedError` of status `.unavailable` where they are nowhere.
  public static func locate(
    project: ProjectFolders? = try? .locate(), executable: String? = Bundle.main.executablePath
  ) throws -> String {
    let places =
      (project.map { ["\($0.root)/firmware"] } ?? []) + ShippedFiles.folders("firmware", executable: executable)
    if let found = places.first(where: { FileManager.default.fileExists(atPath: "\($0)/boards.json") }) { return found }
    throw HintedError(
      "the sources of the engines are in none of \(places.joined(separator: ", "))",
      hint: "run inside a checkout of Alambic, or install the program with `make install`", status: .unavailable)
  }
}
