import Basics
import Foundation
import Lineage

/// Where trainings of a sweep lie: `trainings/<id>/` with a checkpoint and what is known of it. Specified in
/// docs/formats/sweep.md.
struct SweepFolder: Sendable {
  let path: String

  func training(_ id: ContentID) -> String { "\(path)/trainings/\(id.hex.prefix(16))" }
  func checkpoint(_ id: ContentID) -> String { "\(training(id))/model.checkpoint" }
  func result(_ id: ContentID) -> String { "\(training(id))/result.json" }
  func rungs(_ id: ContentID) -> String { "\(training(id))/rungs.json" }

  /// What is known of a training. A damaged file is no knowledge: it is found out anew.
  /// - Throws: `HintedError` for what other kernels found out.
  func facts(_ id: ContentID, by instructionSet: String) throws -> SweepFacts {
    var facts = SweepFacts()
    if let result: SweepResult = decoded(result(id)), result.schema == SweepResult.schema, result.training == id {
      try check(result.instructionSet, instructionSet)
      facts.result = result
    }
    if let rungs: SweepRungs = decoded(rungs(id)), rungs.schema == SweepRungs.schema, rungs.training == id {
      try check(rungs.instructionSet, instructionSet)
      facts.rungs = rungs.rungs
    }
    return facts
  }

  func write(_ result: SweepResult) throws {
    try AtomicFile.write(try CanonicalJSON.pretty(result), to: self.result(result.training))
  }

  func add(_ rung: SweepRungs.Rung, to id: ContentID, by instructionSet: String) throws {
    let known = try facts(id, by: instructionSet).rungs.filter { $0.step != rung.step }
    let rungs = (known + [rung]).sorted { $0.step < $1.step }
    try AtomicFile.write(
      try CanonicalJSON.pretty(SweepRungs(training: id, instructionSet: instructionSet, rungs: rungs)),
      to: self.rungs(id))
  }

  private func decoded<Value: Decodable>(_ path: String) -> Value? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return (try? AtomicFile.read(path)).flatMap { try? CanonicalJSON.decode(Value.self, from: $0) }
  }

  private func check(_ found: String, _ wanted: String) throws {
    guard found != wanted else { return }
    throw HintedError(
      "\(path) holds trainings by \(found), and these would be by \(wanted): their sums are rounded otherwise",
      hint: "write `instructionSet: \(found)` into the sweep's file where this processor has it, or begin in another "
        + "--workspace", status: .usage)
  }
}

// MARK: - From one folder to another

extension SweepFolder {
  /// Takes over what is known in another folder and vouched for: a whole result with its checkpoint, rungs, and work
  /// that is not finished. What is here already stays.
  /// - Parameter takesWork: whether unfinished work, which another process may own, is copied, too.
  func takeOver(_ id: ContentID, from other: SweepFolder, by instructionSet: String, takesWork: Bool) throws {
    guard FileManager.default.fileExists(atPath: other.training(id)) else { return }
    // What other kernels found out is none of it.
    guard let facts = try? other.facts(id, by: instructionSet) else { return }
    let files = FileManager.default
    try AtomicFile.makeFolder(training(id))
    if !facts.rungs.isEmpty, !files.fileExists(atPath: rungs(id)) { try take(other.rungs(id), as: rungs(id)) }
    if let result = facts.result, !files.fileExists(atPath: self.result(id)) {
      if let checkpoint = result.checkpoint {
        guard (try? ContentID(ofFile: other.checkpoint(id))) == checkpoint else { return }
        try take(other.checkpoint(id), as: self.checkpoint(id))
      }
      // The result last: it says that the checkpoint is whole.
      try take(other.result(id), as: self.result(id))
    } else if facts.result == nil, takesWork {
      // The best of a training with patience first: without it the rest is no use.
      for suffix in [".best", ".partial", ".progress.jsonl"] {
        let (from, to) = (other.checkpoint(id) + suffix, checkpoint(id) + suffix)
        guard files.fileExists(atPath: from), !files.fileExists(atPath: to) else { continue }
        try AtomicFile.write(try AtomicFile.read(from), to: to)
      }
    }
  }

  /// Whole files are replaced and never changed, so two names of one file cost nothing.
  private func take(_ source: String, as target: String) throws {
    let temporary = "\(target).taken"
    try? FileManager.default.removeItem(atPath: temporary)
    guard link(source, temporary) == 0 else {
      // Another disk, or one without links.
      return try AtomicFile.write(try AtomicFile.read(source), to: target)
    }
    guard rename(temporary, target) == 0 else {
      throw HintedError("cannot make \(target): \(String(cString: strerror(errno)))", status: .unavailable)
    }
    // Where both are one file already, the rename does nothing and leaves the other name.
    try? FileManager.default.removeItem(atPath: temporary)
  }
}
