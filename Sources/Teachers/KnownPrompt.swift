import Lineage

/// A prompt, the request that it makes today, and what is known of it. Where an answer does not fit its schema, the
/// request is that of the last turn.
struct KnownPrompt: Sendable {
  var prompt: Prompt
  /// What is sent: the prompt, or it with an answer that is sent back.
  var asked: Prompt
  var request: TeacherRequest
  var standing: RequestStanding
}
