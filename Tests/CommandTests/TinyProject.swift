import Basics
import Foundation
import TestSupport
import Testing

/// A project of its own in a temporary folder: the thermostat's teacher and words, and a recipe that takes seconds.
struct TinyProject: Sendable {
  var folder: String
  var alambic: AlambicCommand

  /// - Parameter folder: an existing one; the project and its workspace go below it.
  init(in folder: String) throws {
    self.folder = folder
    alambic = AlambicCommand(in: folder)
    let files = FileManager.default
    try files.createDirectory(atPath: "\(folder)/Corpora", withIntermediateDirectories: true)
    try files.copyItem(atPath: "\(PackageRoot.path)/Corpora/thermostat", toPath: "\(folder)/Corpora/tiny")
    try files.copyItem(atPath: "\(PackageRoot.path)/teachers", toPath: "\(folder)/teachers")
    try files.createSymbolicLink(
      atPath: "\(folder)/firmware", withDestinationPath: "\(PackageRoot.path)/firmware")
    try writeRecipe()
  }

  /// Writes the recipe; equal arguments give equal bytes.
  /// - Parameter task: how the student is asked and judged, and how its requests are mistyped in training; empty for a
  ///   corpus that nobody judges.
  func writeRecipe(promptCount: Int = 24, steps: Int = 40, task: String = "", noise: String = "{}") throws {
    try AtomicFile.write(
      """
      schema: alambic.recipe/1
      name: tiny
      description: The thermostat's domain, small enough for a test.
      seed: 1
      teacher: thermostat
      prompting:
        templates: ["Write ten exchanges about {topic}, the way {person} types them."]
        lists: {topic: words/topics.txt, person: words/people.txt}
        count: \(promptCount)
      curation:
        documentSeparator: blank-line
        characters: ascii
        heldOutFraction: 0.1
      training: {preset: atome-60k, steps: \(steps), batch: 4, window: 64, seed: 1, noise: \(noise)}
      \(task)
      verification: {promptCount: 2, byteCount: 4, core: cortex-m3}
      shipping: {license: CC0-1.0}

      """, to: "\(folder)/Corpora/tiny/recipe.yaml")
  }

  var workspace: String { "\(folder)/.alambic" }

  /// A file's path in the workspace.
  func path(_ name: String) -> String { "\(workspace)/\(name)" }

  private var environment: [String: String] { ["ALAMBIC_PROJECT": folder] }

  /// Runs the program on this project.
  func callAsFunction(_ line: String) async throws -> AlambicCommand.Outcome {
    try await alambic.run(line.split(separator: " ").map(String.init), environment: environment)
  }

  /// Runs the program on this project, and ends it after `moment` unless it has ended by itself.
  func run(
    _ line: String, _ ending: AlambicCommand.Ending, after moment: () async throws -> Void
  ) async throws -> AlambicCommand.Outcome {
    try await alambic.run(line.split(separator: " ").map(String.init), ending, environment: environment, after: moment)
  }

  /// Makes the corpus, and fails the test when that fails.
  func make(_ options: String = "") async throws -> MakeAnswer {
    let outcome = try await self("make tiny --json \(options)")
    #expect(outcome.status == 0, "\(outcome)")
    return try MakeAnswer(outcome)
  }

  /// Makes the corpus, and ends that after `moment`.
  func make(
    _ options: String, _ ending: AlambicCommand.Ending, after moment: () async throws -> Void
  ) async throws -> AlambicCommand.Outcome {
    let words = "make tiny --quiet \(options)".split(separator: " ").map(String.init)
    return try await alambic.run(words, ending, environment: environment, after: moment)
  }
}

/// What `make --json` prints, and which steps it ran.
struct MakeAnswer {
  struct Step: Decodable {
    struct Output: Decodable {
      var id: ContentID
      var kind: String
      var path: String?
    }
    var stage: String
    var outputs: [Output]
    var figures: [String: Double]
  }
  private struct Body: Decodable {
    var schema: String
    var steps: [Step]
  }

  var steps: [Step]
  /// The steps that had nothing to do, as standard error says.
  var upToDate: [String]
  /// The steps that ran.
  var ran: [String] { steps.map(\.stage).filter { !upToDate.contains($0) } }

  init(_ outcome: AlambicCommand.Outcome) throws {
    let body = try JSONDecoder().decode(Body.self, from: Data(outcome.standardOutput.utf8))
    #expect(body.schema == "alambic.make/1")
    steps = body.steps
    upToDate = outcome.standardError.split(separator: "\n").filter { $0.hasSuffix("(up to date)") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  /// The one output of a step.
  func output(of stage: String) throws -> Step.Output {
    try #require(steps.first { $0.stage == stage }?.outputs.first)
  }

  func figure(_ name: String, of stage: String) -> Double? { steps.first { $0.stage == stage }?.figures[name] }
}
