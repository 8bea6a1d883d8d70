import Foundation

/// What `make hostile` counts: tests that do harm say how often they did, one line each, in the file that
/// `ALAMBIC_HOSTILE` names.
public enum HostileCount {
  /// - Parameters:
  ///   - kind: `kill`, `full disk` or `input`.
  ///   - target: what it was done to.
  public static func note(_ kind: String, of target: String, _ count: Int) throws {
    guard let path = ProcessInfo.processInfo.environment["ALAMBIC_HOSTILE"] else { return }
    if !FileManager.default.fileExists(atPath: path) { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    defer { try? file.close() }
    try file.seekToEnd()
    try file.write(contentsOf: Data("\(kind)\t\(target)\t\(count)\n".utf8))
  }
}

/// How many full disks: two in `make test`, and as many as `make hostile` says.
public enum DiskCount {
  public static func value(usually count: Int) -> Int {
    ProcessInfo.processInfo.environment["ALAMBIC_DISKS"].flatMap(Int.init) ?? count
  }
}

/// How many damaged files of a format: two thousand in `make test`, and as many as `make hostile` says.
public enum InputCount {
  public static func value(usually count: Int) -> Int {
    ProcessInfo.processInfo.environment["ALAMBIC_INPUTS"].flatMap(Int.init) ?? count
  }
}
