import Basics
import Formats
import Foundation
import Lineage

/// Submits the parts of a corpus, of a sweep or of a command to Slurm, and says how far they are. What is done is known
/// from the parts' manifests; Slurm only says what is under way.
public struct SlurmDesk: Sendable {
  private let work: PartedWork
  /// The project, which jobs find, too. Nil where there is none: sweeps and commands need none.
  private let folders: ProjectFolders?
  private let workspace: Workspace
  private let slurm = Slurm()

  /// - Parameter work: is given the workspace by its absolute path.
  /// - Throws: `HintedError` for a project's variable that names none, and what `work` throws.
  public init(
    workspace: Workspace, of work: (_ workspace: Workspace) throws -> PartedWork
  ) throws {
    folders = try .locateIfAny()
    self.workspace = Workspace(root: Self.absolute(workspace.root))
    self.work = try work(self.workspace)
  }

  /// What the parts are done with.
  public struct Order: Sendable {
    public var partCount: Int
    public var atOnce: Int?
    /// The profile's file.
    public var cluster: String
    public var options: Pipeline.Options
    /// Those options, as the command takes them.
    public var arguments: [String]

    public init(
      partCount: Int, atOnce: Int?, cluster: String, options: Pipeline.Options = Pipeline.Options(), arguments: [String]
    ) {
      (self.partCount, self.atOnce, self.cluster) = (partCount, atOnce, cluster)
      (self.options, self.arguments) = (options, arguments)
    }
  }

  /// What was submitted now, and all that ever was.
  public struct Submission: Sendable {
    public var jobs: SlurmJobs
    public var new: [SlurmJobs.Array]
  }

  /// The scripts that would be submitted: the arrays, and the merge.
  public func scripts(_ order: Order) throws -> [String] {
    let jobs = try jobs(order)
    return try batches(of: missing(jobs), jobs).map(\.text) + [try mergeScript(jobs).text]
  }

  /// Submits all parts that are not complete, and the merge after them.
  public func submit(_ order: Order) async throws -> Submission {
    try slurm.require()
    let jobs = try jobs(order)
    if let before = try? SlurmJobs.read(work) { try await expectIdle(before) }
    return try await submit(missing(jobs), jobs)
  }

  /// Submits what is neither complete nor under way.
  public func retry() async throws -> Submission {
    try slurm.require()
    let jobs = try SlurmJobs.read(work)
    let status = try await status()
    let underWay = Set(status.running + status.pending)
    let open = status.missing.filter { !underWay.contains($0) }
    guard !open.isEmpty else { return Submission(jobs: jobs, new: []) }
    return try await submit(open, jobs)
  }

  /// Ends everything that is under way; what parts have done stays.
  public func cancel() async throws -> [String] {
    try slurm.require()
    let jobs = try SlurmJobs.read(work)
    let alive = Set(try await slurm.tasks().map(\.job))
    let own = jobs.jobIDs.filter(alive.contains)
    try await slurm.cancel(own)
    return own
  }

  /// Submits the merge alone.
  public func merge() async throws -> String {
    try slurm.require()
    var jobs = try SlurmJobs.read(work)
    let id = try await slurm.submit(try write(mergeScript(jobs), as: "merge"))
    jobs.merges.append(id)
    try jobs.write(in: work)
    return id
  }
}

// MARK: - How far

extension SlurmDesk {
  /// All parts, by what is known of them.
  public struct Status: Codable, Sendable {
    public var schema = "alambic.slurm-status/1"
    public var corpus: String
    public var partCount: Int
    public var completeCount: Int
    /// Numbers of parts without a complete attempt.
    public var missing: [Int]
    public var running: [Int]
    public var pending: [Int]
    /// Of those missing and not under way: how Slurm says that their last task ended, by number; nil where the cluster
    /// keeps no accounts.
    public var ended: [String: String]?
    /// Of a corpus; what its parts cost is beside it.
    public var answerCount: Int?
    public var cost: Double?
    /// Of a sweep, or a comparison.
    public var trainingCount: Int?
    /// Of a curation.
    public var recordCount: Int?
    /// Of an evaluation.
    public var windowCount: Int?
    /// Seconds until all parts are complete, if those that are left take as long as those that are; nil before there
    /// is one, and while nothing runs.
    public var remainingSeconds: Double?
  }

  public func status() async throws -> Status {
    try slurm.require()
    let jobs = try SlurmJobs.read(work)
    let done = try (1...jobs.partCount).map { try completion(of: $0, jobs) }
    var status = Status(
      corpus: work.name, partCount: jobs.partCount, completeCount: done.count { $0 != nil },
      missing: done.indices.filter { done[$0] == nil }.map { $0 + 1 }, running: [], pending: [])
    let count = done.compactMap { $0?.itemCount }.reduce(0, +)
    switch work.unit {
    case .answers: (status.answerCount, status.cost) = (count, done.compactMap { $0?.cost }.reduce(0, +))
    case .trainings: status.trainingCount = count
    case .records: status.recordCount = count
    case .windows: status.windowCount = count
    }
    let offsets = Dictionary(jobs.arrays.map { ($0.job, $0.offset) }) { $1 }
    for task in try await slurm.tasks() {
      guard let offset = offsets[task.job], let index = task.index else { continue }
      if task.state == "PENDING" || task.state == "REQUEUED" {
        status.pending.append(offset + index)
      } else {
        status.running.append(offset + index)
      }
    }
    status.running.sort()
    status.pending.sort()
    let underWay = Set(status.running + status.pending)
    if let endings = await slurm.endings(of: jobs.arrays.map(\.job)) {
      var ended: [String: String] = [:]
      for array in jobs.arrays {
        for number in status.missing where !underWay.contains(number) {
          if let state = endings["\(array.job)_\(number - array.offset)"] { ended[String(number)] = state }
        }
      }
      status.ended = ended
    }
    let durations = done.compactMap { $0?.durationSeconds }
    if !durations.isEmpty, !status.running.isEmpty {
      let mean = durations.reduce(0, +) / Double(durations.count)
      status.remainingSeconds = mean * Double(status.missing.count) / Double(status.running.count)
    }
    return status
  }

  private func completion(of number: Int, _ jobs: SlurmJobs) throws -> PartedWork.Completion? {
    work.completion(try Part(number, of: jobs.partCount))
  }
}

// MARK: - Scripts

extension SlurmDesk {
  private func jobs(_ order: Order) throws -> SlurmJobs {
    _ = try Part(1, of: order.partCount)
    try work.check(order)
    // sbatch reads its lines' quotes and patterns by rules of its own.
    if let odd = work.folder.first(where: { "\"\\%".contains($0) || $0.isNewline }) {
      throw HintedError(
        "the folder of the parts has \(odd.debugDescription) in its path, which sbatch would read otherwise: "
          + work.folder,
        hint: "choose another folder", status: .usage)
    }
    let cluster = Self.absolute(order.cluster)
    _ = try ClusterProfile(reading: cluster)
    return SlurmJobs(
      schema: SlurmJobs.schema, corpus: work.name, command: work.startFolder.map { _ in work.words },
      startFolder: work.startFolder, partCount: order.partCount, atOnce: order.atOnce, cluster: cluster,
      arguments: order.arguments, arrays: [], merges: [])
  }

  private func missing(_ jobs: SlurmJobs) throws -> [Int] {
    try (1...jobs.partCount).filter { try completion(of: $0, jobs) == nil }
  }

  private func expectIdle(_ jobs: SlurmJobs) async throws {
    let alive = Set(try await slurm.tasks().map(\.job))
    guard jobs.jobIDs.contains(where: alive.contains) else { return }
    throw HintedError(
      "parts of \(work.name) are under way",
      hint: "wait for them, or end them with `alambic slurm cancel \(work.argument)`, then submit again", status: .usage
    )
  }

  /// Each job is noted as soon as it is submitted: a kill in between leaves none that nobody knows of but the last.
  private func submit(_ numbers: [Int], _ order: SlurmJobs) async throws -> Submission {
    var jobs = order
    if let before = try? SlurmJobs.read(work), before.partCount == jobs.partCount {
      (jobs.arrays, jobs.merges) = (before.arrays, before.merges)
    }
    let alive = Set(try await slurm.tasks().map(\.job))
    let before = jobs.arrays.map(\.job).filter(alive.contains)
    var submitted: [String] = []
    for batch in try batches(of: numbers, jobs) {
      let path = try write(batch.text, as: "\(work.words.first ?? "parts")-\(jobs.arrays.count + 1)")
      // Those at once are counted within an array, so arrays come one after the other where there is such a limit.
      let id = try await slurm.submit(
        path, after: jobs.atOnce == nil ? [] : submitted.isEmpty ? before : submitted.suffix(1))
      submitted.append(id)
      jobs.arrays.append(SlurmJobs.Array(job: id, offset: batch.offset, parts: NumberList.text(batch.numbers)))
      try jobs.write(in: work)
    }
    jobs.merges.append(try await slurm.submit(try write(mergeScript(jobs), as: "merge"), after: before + submitted))
    try jobs.write(in: work)
    return Submission(jobs: jobs, new: jobs.arrays.suffix(submitted.count).map(\.self))
  }

  private typealias Batch = (offset: Int, numbers: [Int], text: String)

  private func batches(of numbers: [Int], _ jobs: SlurmJobs) throws -> [Batch] {
    let cluster = try ClusterProfile(reading: jobs.cluster)
    return SlurmScript.chunks(of: numbers, maxArraySize: cluster.maxArraySize).map { chunk in
      let limit = jobs.atOnce.map { "%\($0)" } ?? ""
      let part =
        chunk.offset == 0
        ? "${SLURM_ARRAY_TASK_ID}/\(jobs.partCount)"
        : "$((SLURM_ARRAY_TASK_ID + \(chunk.offset)))/\(jobs.partCount)"
      let script = script(
        cluster, ["--array=\(NumberList.text(chunk.indices))\(limit)", "--requeue", "--signal=B:TERM@60"], "%A_%a.log",
        Self.quoted(work.words) + ["--part", "\"\(part)\""]
          + (work.sharesPace ? jobs.atOnce.map { ["--at-once", String($0)] } ?? [] : [])
          + (work.takesThreads ? cluster.cpus.map { ["--threads", String($0)] } ?? [] : [])
          + jobs.arguments.map(SlurmScript.quoted))
      return (chunk.offset, chunk.indices.map { $0 + chunk.offset }, script.text)
    }
  }

  private func mergeScript(_ jobs: SlurmJobs) throws -> SlurmScript {
    script(
      try ClusterProfile(reading: jobs.cluster), ["--requeue"], "merge-%j.log",
      Self.quoted(work.merge(jobs.partCount)))
  }

  /// The name of a command and numbers need no quotes.
  private static func quoted(_ words: [String]) -> [String] {
    words.enumerated().map { index, word in
      index == 0 || word.hasPrefix("--") && word.dropFirst(2).allSatisfy({ $0.isLetter || $0 == "-" })
        || Int(word) != nil
        ? word : SlurmScript.quoted(word)
    }
  }

  private func script(
    _ cluster: ClusterProfile, _ options: [String], _ log: String, _ arguments: [String]
  ) -> SlurmScript {
    let program = cluster.program ?? Bundle.main.executablePath ?? "alambic"
    let project = folders.map { [(name: ProjectFolders.variable, value: Self.absolute($0.root))] } ?? []
    return SlurmScript(
      cluster: cluster, jobName: "alambic-\(work.name)", options: options,
      folder: "\(work.folder)/slurm", log: log, environment: project + [(Workspace.variable, workspace.root)],
      startFolder: work.startFolder,
      command: [SlurmScript.quoted(program)] + arguments + ["--quiet"])
  }

  private func write(_ script: SlurmScript, as name: String) throws -> String { try write(script.text, as: name) }

  /// - Returns: the script's path.
  private func write(_ text: String, as name: String) throws -> String {
    let path = "\(work.folder)/slurm/\(name).sbatch"
    try AtomicFile.write(text, to: path)
    return path
  }

  private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
