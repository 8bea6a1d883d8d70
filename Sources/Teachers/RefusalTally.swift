import Basics
import Lineage

/// Prompts that a run's server refused. A refusal is a prompt's own only once another prompt was answered: where the
/// first are all refused, the profile is wrong, and nothing of that is kept.
struct RefusalTally {
  /// So many refusals before any answer end the run.
  static let alikeCount = 5

  private(set) var found: [(prompt: Prompt, refusal: TeacherRefusal)] = []
  private var storedCount = 0

  mutating func add(_ refusal: TeacherRefusal, to prompt: Prompt) { found.append((prompt, refusal)) }

  /// Those that are to be stored now that an answer came.
  mutating func confirmed() -> [TeacherRefusal] {
    defer { storedCount = found.count }
    return found[storedCount...].map(\.refusal)
  }

  /// Nil as long as anything was answered, or nothing refused.
  func everyPromptRefused(answeredCount: Int) -> HintedError? {
    guard answeredCount == 0, let first = found.first else { return nil }
    return HintedError(
      "the teacher refuses every prompt, \(found.count) of \(found.count): \(first.refusal.detail)",
      hint: "the profile's keys omit, rename and body change what is sent; nothing of this is kept, so the same "
        + "command asks again", status: .unavailable)
  }
}
