import Basics
import Evaluation
import Formats
import Foundation
import Lineage
import Networks
import Synchronization
import TestSupport
import Testing
import Training
import Workbench

@Suite("Folds of a student that classifies")
struct FoldResumeTests {
  private static let words = ["Book": ["table", "dinner"], "Play": ["song", "album"], "Weather": ["rain", "sunny"]]

  private static func training(in folder: String, stepCount: Int = 60) throws -> HeadTraining {
    let lines = (0..<60).map { number in
      let (label, words) = words.sorted { $0.key < $1.key }[number % 3]
      return "\(label)\tplease \(words[number / 3 % 2]) \(number)\n"
    }
    try AtomicFile.write(lines.joined(), to: "\(folder)/texts.tsv")
    var settings = HeadTraining.Settings()
    settings.shape = CompactShape(modelWidth: 8, layerCount: 1, stateWidth: 8, gateCount: 2, hiddenWidth: 8)
    (settings.training.stepCount, settings.training.windowTokenCount) = (stepCount, 40)
    (settings.training.warmUpStepCount, settings.vocabulary) = (5, .bytes)
    let texts = try LabelledTexts(
      "\(folder)/texts.tsv", text: "text", label: "label", columns: ["label", "text"])
    return try HeadTraining(texts, settings: settings)
  }

  /// The steps that each fold's student took.
  private final class Steps: Sendable {
    let taken = Mutex<[Int: [Int]]>([:])

    func note(_ student: Int, _ step: Int) { taken.withLock { $0[student, default: []].append(step) } }
  }

  @Test("go on where a stop left them, to the same figures, and not where other settings left theirs")
  func resumes() async throws {
    try await withTemporaryFolder { folder in
      let training = try Self.training(in: folder)
      let validation = CrossValidation(folds: 2)
      let whole = try training.validated(by: validation, in: "\(folder)/whole")
      let first = Steps()
      let task = Task {
        try training.validated(by: validation, in: "\(folder)/folds", saveInterval: 0) { student, _, metrics in
          first.note(student, metrics.step)
          if student == 1, metrics.step == 20 { withUnsafeCurrentTask { $0?.cancel() } }
        }
      }
      let result = await task.result
      #expect(throws: HintedError.self) { try result.get() }
      #expect(first.taken.withLock { $0[0]?.last } == 60 && first.taken.withLock { $0[1]?.last } == 20)

      let second = Steps()
      let resumed = try training.validated(by: validation, in: "\(folder)/folds") { second.note($0, $2.step) }
      #expect(second.taken.withLock { $0 } == [1: Array(21...60)])
      #expect(resumed == whole)

      let others = Steps()
      _ = try Self.training(in: folder, stepCount: 61).validated(by: validation, in: "\(folder)/folds") {
        others.note($0, $2.step)
      }
      #expect(others.taken.withLock { $0 } == [0: Array(1...61), 1: Array(1...61)])
    }
  }
}
