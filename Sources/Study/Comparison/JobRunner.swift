import Basics
import Formats
import Foundation
import Lineage
import Synchronization
import Training

/// Runs trainings side by side, and remembers each in a folder by what decides it: a kill costs the runs under way.
struct JobRunner: Sendable {
  /// How far the trainings of one phase are.
  struct Progress: Sendable {
    var phase: String
    var doneStepCount: Int
    var totalStepCount: Int
    var note: String
  }

  var folder: String
  /// How many at a time.
  var width: Int
  var progress: @Sendable (Progress) -> Void

  /// Results in the jobs' order; equal jobs are trained once.
  /// - Throws: `HintedError` when training diverges or the folder cannot be written; `CancellationError`.
  func results(of jobs: [TrainingJob], phase: String) async throws -> [JobResult] {
    var kernels: [ContentID: ContentID] = [:]
    let keys = try jobs.map { try $0.key(&kernels) }
    var found: [ContentID: JobResult] = [:]
    var open: [(key: ContentID, job: TrainingJob)] = []
    for (key, job) in zip(keys, jobs) where found[key] == nil && !open.contains(where: { $0.key == key }) {
      if let stored = stored(key) { found[key] = stored } else { open.append((key, job)) }
    }
    // The longest first, so that the last ones do not leave a core idle for long.
    open.sort { Self.weight($0.job) > Self.weight($1.job) }
    found.merge(try await train(open, phase)) { $1 }
    return keys.compactMap { found[$0] }
  }

  /// Trains those jobs that a part holds and that nobody has trained.
  /// - Returns: the files of all that it holds, by name.
  func train(_ jobs: [TrainingJob], heldBy part: Part, phase: String) async throws -> [String: ContentID] {
    var kernels: [ContentID: ContentID] = [:]
    let held = try jobs.map { (key: try $0.key(&kernels), job: $0) }.filter { part.holds($0.key) }
    _ = try await results(of: held.map(\.job), phase: phase)
    let names = Set(held.map(\.key.short))
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try ContentID(ofFile: Self.path(of: $0, in: folder))) })
  }

  private static func weight(_ job: TrainingJob) -> Int { job.settings.stepCount * job.shape.parameterCount }

  private func train(_ jobs: [(key: ContentID, job: TrainingJob)], _ phase: String) async throws
    -> [ContentID: JobResult]
  {
    let tally = Tally(phase: phase, jobs: jobs.map(\.job), progress: progress)
    return try await withThrowingTaskGroup(of: (ContentID, JobResult).self) { group in
      var waiting = jobs[...]
      func addNext() {
        guard let (key, job) = waiting.popFirst() else { return }
        group.addTask {
          let result = try await job.run { tally.add($0) }
          try AtomicFile.write(CanonicalJSON.text(result), to: path(key))
          tally.finishJob()
          return (key, result)
        }
      }
      for _ in 0..<max(1, width) { addNext() }
      var results: [ContentID: JobResult] = [:]
      while let (key, result) = try await group.next() {
        results[key] = result
        addNext()
      }
      return results
    }
  }

  private func path(_ key: ContentID) -> String { Self.path(of: key.short, in: folder) }

  /// - Parameter name: a training's, by its key.
  static func path(of name: String, in folder: String) -> String { "\(folder)/runs/\(name).json" }

  /// A damaged file is trained again.
  private func stored(_ key: ContentID) -> JobResult? {
    (try? AtomicFile.read(path(key))).flatMap { try? CanonicalJSON.decode(JobResult.self, from: $0) }
  }

  /// Counts the steps of all trainings of a phase.
  private final class Tally: Sendable {
    private let phase: String
    private let jobCount: Int
    private let stepCount: Int
    private let progress: @Sendable (Progress) -> Void
    private let done = Mutex((steps: 0, jobs: 0))

    init(phase: String, jobs: [TrainingJob], progress: @escaping @Sendable (Progress) -> Void) {
      self.phase = phase
      jobCount = jobs.count
      stepCount = jobs.reduce(0) { $0 + $1.settings.stepCount }
      self.progress = progress
    }

    func add(_ metrics: StepMetrics) {
      let (steps, jobs) = done.withLock { inner in
        inner.steps += 1
        return inner
      }
      progress(
        Progress(
          phase: phase, doneStepCount: steps, totalStepCount: stepCount, note: "\(jobs) of \(jobCount) trainings"))
    }

    func finishJob() { done.withLock { $0.jobs += 1 } }
  }
}
