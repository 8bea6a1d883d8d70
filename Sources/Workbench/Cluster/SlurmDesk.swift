import Basics
import Formats
import Foundation
import Lineage

/// Submits the parts of a corpus to Slurm, and says how far they are. What is done is known from the parts' manifests;
/// Slurm only says what is under way.
public struct SlurmDesk: Sendable {
  private let corpus: String
  private let folders: ProjectFolders
  private let workspace: Workspace
  private let slurm = Slurm()

  public init(_ corpus: String, workspace: Workspace, folders: ProjectFolders? = nil) throws {
    self.folders = try folders ?? ProjectFolders.locate()
    self.corpus = corpus
    self.workspace = Workspace(root: Self.absolute(workspace.root))
    _ = try CorpusFolder.open(corpus, in: self.folders)
  }

  /// What the parts of a corpus are asked with.
  public struct Order: Sendable {
    public var partCount: Int
    public var atOnce: Int?
    /// The profile's file.
    public var cluster: String
    public var options: Pipeline.Options
    /// Those options, as `ask` takes them.
    public var arguments: [String]

    public init(
      partCount: Int, atOnce: Int?, cluster: String, options: Pipeline.Options, arguments: [String]
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
    if let before = try? SlurmJobs.read(corpus, in: workspace) { try await expectIdle(before) }
    return try await submit(missing(jobs), jobs)
  }

  /// Submits what is neither complete nor under way.
  public func retry() async throws -> Submission {
    try slurm.require()
    let jobs = try SlurmJobs.read(corpus, in: workspace)
    let status = try await status()
    let underWay = Set(status.running + status.pending)
    let open = status.missing.filter { !underWay.contains($0) }
    guard !open.isEmpty else { return Submission(jobs: jobs, new: []) }
    return try await submit(open, jobs)
  }

  /// Ends everything of the corpus that is under way; what parts have asked stays.
  public func cancel() async throws -> [String] {
    try slurm.require()
    let jobs = try SlurmJobs.read(corpus, in: workspace)
    let alive = Set(try await slurm.tasks().map(\.job))
    let own = jobs.jobIDs.filter(alive.contains)
    try await slurm.cancel(own)
    return own
  }

  /// Submits the merge alone.
  public func merge() async throws -> String {
    try slurm.require()
    var jobs = try SlurmJobs.read(corpus, in: workspace)
    let id = try await slurm.submit(try write(mergeScript(jobs), as: "merge"))
    jobs.merges.append(id)
    try jobs.write(in: workspace)
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
    public var answerCount: Int
    public var cost: Double
    /// Seconds until all parts are complete, if those that are left take as long as those that are; nil before there
    /// is one, and while nothing runs.
    public var remainingSeconds: Double?
  }

  public func status() async throws -> Status {
    try slurm.require()
    let jobs = try SlurmJobs.read(corpus, in: workspace)
    let manifests = try (1...jobs.partCount).map { try manifest(of: $0, jobs) }
    var status = Status(
      corpus: corpus, partCount: jobs.partCount, completeCount: manifests.count { $0 != nil },
      missing: manifests.indices.filter { manifests[$0] == nil }.map { $0 + 1 }, running: [], pending: [],
      answerCount: manifests.compactMap { $0?.answerCount }.reduce(0, +),
      cost: manifests.compactMap { $0?.cost }.reduce(0, +))
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
    let durations = manifests.compactMap { $0?.durationSeconds }
    if !durations.isEmpty, !status.running.isEmpty {
      let mean = durations.reduce(0, +) / Double(durations.count)
      status.remainingSeconds = mean * Double(status.missing.count) / Double(status.running.count)
    }
    return status
  }

  private func manifest(of number: Int, _ jobs: SlurmJobs) throws -> PartManifest? {
    PartFolder(try Part(number, of: jobs.partCount), of: corpus, in: workspace)
      .winner(inputs: nil, checksLedger: false).manifest
  }
}

// MARK: - Scripts

extension SlurmDesk {
  private func jobs(_ order: Order) throws -> SlurmJobs {
    _ = try Part(1, of: order.partCount)
    let folder = try CorpusFolder.open(corpus, in: folders)
    try folder.checkTakesParts(order.options)
    for teacher in try folder.teachers(in: folders, endpoint: order.options.endpoint) {
      _ = try teacher.sharingPace(among: min(order.atOnce ?? order.partCount, order.partCount))
    }
    let cluster = Self.absolute(order.cluster)
    _ = try ClusterProfile(reading: cluster)
    return SlurmJobs(
      schema: SlurmJobs.schema, corpus: corpus, partCount: order.partCount, atOnce: order.atOnce, cluster: cluster,
      arguments: order.arguments, arrays: [], merges: [])
  }

  private func missing(_ jobs: SlurmJobs) throws -> [Int] {
    try (1...jobs.partCount).filter { try manifest(of: $0, jobs) == nil }
  }

  private func expectIdle(_ jobs: SlurmJobs) async throws {
    let alive = Set(try await slurm.tasks().map(\.job))
    guard jobs.jobIDs.contains(where: alive.contains) else { return }
    throw HintedError(
      "parts of \(corpus) are under way",
      hint: "wait for them, or end them with `alambic slurm cancel \(corpus)`, then submit again", status: .usage)
  }

  /// Each job is noted as soon as it is submitted: a kill in between leaves none that nobody knows of but the last.
  private func submit(_ numbers: [Int], _ order: SlurmJobs) async throws -> Submission {
    var jobs = order
    if let before = try? SlurmJobs.read(corpus, in: workspace), before.partCount == jobs.partCount {
      (jobs.arrays, jobs.merges) = (before.arrays, before.merges)
    }
    let alive = Set(try await slurm.tasks().map(\.job))
    let before = jobs.arrays.map(\.job).filter(alive.contains)
    var submitted: [String] = []
    for batch in try batches(of: numbers, jobs) {
      let path = try write(batch.text, as: "ask-\(jobs.arrays.count + 1)")
      // Those at once are counted within an array, so arrays come one after the other where there is such a limit.
      let id = try await slurm.submit(
        path, after: jobs.atOnce == nil ? [] : submitted.isEmpty ? before : submitted.suffix(1))
      submitted.append(id)
      jobs.arrays.append(SlurmJobs.Array(job: id, offset: batch.offset, parts: NumberList.text(batch.numbers)))
      try jobs.write(in: workspace)
    }
    jobs.merges.append(try await slurm.submit(try write(mergeScript(jobs), as: "merge"), after: before + submitted))
    try jobs.write(in: workspace)
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
        ["ask", SlurmScript.quoted(corpus), "--part", "\"\(part)\""]
          + (jobs.atOnce.map { ["--at-once", String($0)] } ?? []) + jobs.arguments.map(SlurmScript.quoted))
      return (chunk.offset, chunk.indices.map { $0 + chunk.offset }, script.text)
    }
  }

  private func mergeScript(_ jobs: SlurmJobs) throws -> SlurmScript {
    script(
      try ClusterProfile(reading: jobs.cluster), ["--requeue"], "merge-%j.log",
      ["merge", SlurmScript.quoted(corpus), "--parts", String(jobs.partCount)])
  }

  private func script(
    _ cluster: ClusterProfile, _ options: [String], _ log: String, _ arguments: [String]
  ) -> SlurmScript {
    let program = cluster.program ?? Bundle.main.executablePath ?? "alambic"
    return SlurmScript(
      cluster: cluster, jobName: "alambic-\(corpus)", options: options,
      folder: "\(workspace.parts(corpus))/slurm", log: log,
      environment: [
        (ProjectFolders.variable, Self.absolute(folders.root)), (Workspace.variable, workspace.root),
      ],
      command: [SlurmScript.quoted(program)] + arguments + ["--quiet"])
  }

  private func write(_ script: SlurmScript, as name: String) throws -> String { try write(script.text, as: name) }

  /// - Returns: the script's path.
  private func write(_ text: String, as name: String) throws -> String {
    let path = "\(workspace.parts(corpus))/slurm/\(name).sbatch"
    try AtomicFile.write(text, to: path)
    return path
  }

  private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
