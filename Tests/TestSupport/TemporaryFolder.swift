import Foundation

/// A folder that lives as long as the body runs.
public func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let path = "\(NSTemporaryDirectory())alambic-test-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try await body(path)
}
