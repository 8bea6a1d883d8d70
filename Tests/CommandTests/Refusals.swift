import TestSupport
import Testing

/// Compares all that a run left: status and both streams, whole.
func expect(
  _ outcome: AlambicCommand.Outcome, is expected: AlambicCommand.Outcome,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(outcome == expected, sourceLocation: sourceLocation)
}
