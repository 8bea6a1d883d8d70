import Basics
import Formats
import Foundation
import Networks

/// A training run as its files tell it, from any process.
public struct RunStatus: Sendable {
  public enum State: String, Codable, Sendable {
    case finished
    /// Stopped before its last step; the same command goes on.
    case partial
    /// Some process is at it.
    case running
  }

  public var name: String
  /// Where its finished checkpoint is, or will be.
  public var output: String
  /// What is trained; nil before the first save.
  public var model: String?
  public var step: Int
  /// nil where neither a log nor a checkpoint says.
  public var stepCount: Int?
  /// On the held-out text, at the last evaluation.
  public var bitsPerByte: Double?
  /// Where an unfinished run stood at its last save.
  public var standing: RunLog.Standing?
  public var state: State
  /// Of the newest of its files.
  public var modifiedAt: Date

  public static func logPath(of output: String) -> String { "\(output).progress.jsonl" }
  static func partialPath(of output: String) -> String { "\(output).partial" }
  /// The best checkpoint so far of a run with patience.
  static func bestPath(of output: String) -> String { "\(output).best" }
  static func planPath(of output: String) -> String { "\(output).plan" }

  /// Reads the state of the run into `output`; nil where there is none.
  public init?(output: String, name: String) {
    let paths = [output, Self.partialPath(of: output), Self.logPath(of: output)]
    let dates = paths.map(Self.modificationDate)
    let isRunning = RunLock.isHeld(output: output)
    let unfinished = isRunning || dates[1] != nil
    guard let newest = dates.compactMap(\.self).max(), unfinished || dates[0] != nil else { return nil }
    let checkpoint = try? ModelFile.checkpoint(readingFrom: unfinished ? paths[1] : paths[0])
    let lines = try? RunLog.Lines(readingFrom: paths[2])
    guard checkpoint != nil || isRunning else { return nil }
    self.name = name
    self.output = output
    model = checkpoint?.shape.presetName
    standing = unfinished ? lines?.standings.last : nil
    step = standing?.savedStep ?? checkpoint?.step ?? 0
    stepCount = standing?.totalStepCount ?? checkpoint?.settings.stepCount
    bitsPerByte = lines?.points.last?.heldOutBitsPerByte
    state = isRunning ? .running : unfinished ? .partial : .finished
    modifiedAt = newest
  }

  private static func modificationDate(_ path: String) -> Date? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
  }
}

// MARK: - Lists

extension RunStatus {
  /// Every run of a workspace, by name.
  public static func all(in workspace: Workspace) -> [RunStatus] {
    let folder = "\(workspace.root)/runs"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().compactMap { RunStatus(output: "\(workspace.run($0))/checkpoint", name: $0) }
  }

  /// The runs whose checkpoints, or unfinished work, lie in a folder, by name.
  /// - Throws: `HintedError` when it cannot be read.
  public static func all(inFolder folder: String) throws -> [RunStatus] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw HintedError("cannot read the folder \(folder)", hint: "name a folder of checkpoints")
    }
    let endings = [".partial", ".lock"]
    let bases = names.filter { !$0.hasPrefix(".") }.compactMap { name in
      if let ending = endings.first(where: name.hasSuffix) { return String(name.dropLast(ending.count)) }
      return ModelFile.kind(ofFile: "\(folder)/\(name)") == .checkpoint ? name : nil
    }
    return Set(bases).sorted().compactMap { RunStatus(output: "\(folder)/\($0)", name: $0) }
  }
}
