import Lineage

/// A prompt, the request that it makes today, and what is known of it.
struct KnownPrompt: Sendable {
  var prompt: Prompt
  var request: TeacherRequest
  var standing: RequestStanding
}
