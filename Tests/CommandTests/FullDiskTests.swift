import Basics
import Foundation
import Lineage
import TestSupport
import Testing

@Suite("A full disk, step by step")
struct FullDiskTests {
  /// KiB for the workspace: from no room for a ledger to nearly all that the corpus takes.
  private static let sizes = [64, 96, 128, 160, 200, 256, 320, 400, 512, 640, 800, 1000]

  @Test("make ends with status 69 and a hint; with room again the same command ends in the same bytes")
  func make() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      try project.writeRecipe(steps: 8)
      _ = try await project.make("--until export")
      let whole = try Self.hashes(project.workspace)
      #expect(whole.count >= 5)
      let count = min(DiskCount.value(usually: 2), Self.sizes.count)
      var filledCount = 0
      for index in 0..<count {
        let size = Self.sizes[index * (Self.sizes.count - 1) / max(1, count - 1)]
        let disk = "\(folder)/disk\(index)"
        try AtomicFile.makeFolder(disk)
        let mount = try await runTool("mount", ["-t", "tmpfs", "-o", "size=\(size)k", "tmpfs", disk], in: folder)
        guard mount.status == 0 else { try Test.cancel("this process may not mount a file system") }
        let line = "make tiny --until export --quiet --workspace \(disk)/w"
        let full = try await project(line)
        #expect([0, 69].contains(full.status), "\(size) KiB: \(full)")
        if full.status == 69 {
          filledCount += 1
          #expect(full.standardError.contains("hint: "), "\(size) KiB: \(full)")
        }
        let room = try await runTool("mount", ["-o", "remount,size=64m", disk], in: folder)
        #expect(room.status == 0)
        let again = try await project(line)
        #expect(again.status == 0, "\(size) KiB: \(again)")
        #expect(try Self.hashes("\(disk)/w") == whole, "\(size) KiB")
        #expect(try await project("ledger check --workspace \(disk)/w").status == 0)
        let left = try FileManager.default.subpathsOfDirectory(atPath: disk)
        #expect(!left.contains { UnfinishedFiles.isTemporary(URL(fileURLWithPath: $0).lastPathComponent) }, "\(left)")
        #expect(try await runTool("umount", [disk], in: folder).status == 0)
      }
      #expect(filledCount > 0, "no disk was small enough")
      try HostileCount.note("full disk", of: "make", filledCount)
    }
  }

  /// Of what the steps made, by path; the ledger has times in it.
  private static func hashes(_ workspace: String) throws -> [String: ContentID] {
    let names = ["documents", "shards", "images"].flatMap { folder in
      let below = (try? FileManager.default.subpathsOfDirectory(atPath: "\(workspace)/\(folder)")) ?? []
      return below.map { "\(folder)/\($0)" }
    }
    var hashes = ["runs/tiny/checkpoint": try ContentID(ofFile: "\(workspace)/runs/tiny/checkpoint")]
    for name in names {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: "\(workspace)/\(name)", isDirectory: &isFolder), !isFolder.boolValue
      else { continue }
      hashes[name] = try ContentID(ofFile: "\(workspace)/\(name)")
    }
    return hashes
  }
}
