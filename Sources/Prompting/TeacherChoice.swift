import Basics
import Lineage

/// A teacher that may be asked, as far as prompts depend on it.
public struct PromptTeacher: Hashable, Sendable {
  public var name: String
  /// How large its share of the prompts is beside the others', in thousandths.
  public var weight: Int
  /// What applies where the recipe is silent.
  public var sampling: SamplingSettings

  public init(name: String, weight: Int = PromptWord.usualWeight, sampling: SamplingSettings = SamplingSettings()) {
    self.name = name
    self.weight = weight
    self.sampling = sampling
  }
}

/// Which of several teachers is asked a prompt.
///
/// It follows from the prompt's own text, and another teacher behind those that are there takes prompts from them and
/// moves none between them: what was paid for stays where it is. In whole numbers, so that it is the same everywhere.
struct TeacherChoice: Sendable {
  let teachers: [PromptTeacher]

  /// - Parameter prompt: a generator that belongs to the prompt.
  func teacher(for prompt: SeededGenerator) -> PromptTeacher {
    var total = teachers.reduce(0) { $0 + $1.weight }
    for teacher in teachers.dropFirst().reversed() {
      let name = ContentID(of: teacher.name).firstBits
      var draw = prompt.stream(name)
      if draw.below(total) < teacher.weight { return teacher }
      total -= teacher.weight
    }
    return teachers[0]
  }
}
