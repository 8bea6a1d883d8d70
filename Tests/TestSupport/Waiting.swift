import Testing

/// Looks until `condition` holds, for at most 40 seconds. That it did not is an issue of the test.
public func waitUntil(
  _ condition: () throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
  for _ in 0..<4000 where try !condition() { try await Task.sleep(for: .milliseconds(10)) }
  #expect(try condition(), "it did not come", sourceLocation: sourceLocation)
}
