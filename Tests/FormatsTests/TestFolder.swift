import Foundation

/// A folder of its own for a test that waits for nothing.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = "\(NSTemporaryDirectory())alambic-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}
