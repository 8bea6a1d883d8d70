import Basics
import Formats
import Foundation
import Lineage

/// The folder of a shard set while it is being built.
enum ShardFolder {
  /// `train-0.unfinished`
  static func provisionalName(_ split: Split, _ number: Int) -> String { "\(split.rawValue)-\(number).unfinished" }

  /// Makes the folder and takes an older set out of it, the index first. Other files stay.
  static func clear(_ folder: String) throws {
    try AtomicFile.makeFolder(folder)
    do {
      let manager = FileManager.default
      let names = try manager.contentsOfDirectory(atPath: folder)
      if names.contains(ShardIndex.fileName) { try manager.removeItem(atPath: "\(folder)/\(ShardIndex.fileName)") }
      for name in names where isOurs(name) || isLeftover(name) { try manager.removeItem(atPath: "\(folder)/\(name)") }
    } catch {
      throw HintedError("cannot empty the shard folder \(folder): \(error.localizedDescription)", status: .unavailable)
    }
  }

  /// What a process that was killed while it wrote one of its files left: `.train-0.unfinished.8F….partial`.
  private static func isLeftover(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 3, parts.first == "", parts.last == "partial" else { return false }
    let written = parts.dropFirst().dropLast(2).joined(separator: ".")
    return written == ShardIndex.fileName || isOurs(written)
  }

  /// Whether a name is one that a shard set uses: `train-00000-of-00001.zst`, `held-out-0.unfinished`,
  /// `train.documents`.
  private static func isOurs(_ name: String) -> Bool {
    Split.allCases.contains { split in
      name == ShardName.documentTable(split)
        || name.hasPrefix("\(split.rawValue)-") && (name.hasSuffix(".zst") || name.hasSuffix(".unfinished"))
    }
  }
}
