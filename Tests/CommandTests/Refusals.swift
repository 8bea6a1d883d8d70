import Foundation
import TestSupport
import Testing

/// Compares all that a run left: status and both streams, whole. What `--json` prints in an answer's place has to say
/// the same as standard error.
func expect(
  _ outcome: AlambicCommand.Outcome, is expected: AlambicCommand.Outcome,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var seen = outcome
  if let error = ErrorObject(outcome.standardOutput) {
    #expect(error.status == outcome.status, sourceLocation: sourceLocation)
    #expect(error.text == outcome.standardError, sourceLocation: sourceLocation)
    seen.standardOutput = ""
  }
  #expect(seen == expected, sourceLocation: sourceLocation)
}

/// An error as programs read it.
private struct ErrorObject: Decodable {
  var schema: String
  var code: String
  var status: Int32
  var message: String
  var hint: String?

  init?(_ text: String) {
    guard let error = try? JSONDecoder().decode(ErrorObject.self, from: Data(text.utf8)),
      error.schema == "alambic.error/1"
    else { return nil }
    self = error
  }

  /// As a person reads it.
  var text: String { "error: \(message)\n" + (hint.map { "\nhint: \($0)\n" } ?? "") }
}
