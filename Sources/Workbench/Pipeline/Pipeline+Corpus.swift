import Basics
import Curation
import Ledger
import Lineage
import Prompting
import Teachers

extension Pipeline {
  /// What a run may be told besides the recipe.
  public struct Options: Sendable {
    /// US dollars that teachers may cost in this run; nil for no limit.
    public var spendMaximum: Double?
    /// Where requests go instead of the profile's address.
    public var endpoint: String?
    /// Whether prompts that the teacher refused for good are asked again.
    public var retriesRefused = false
    /// Whether asking goes on where most of the first answers are empty or cut.
    public var isUnchecked = false
    /// Whether requests are handed in as batches, for less.
    public var batches = false
    /// Whether batches under way are given up first.
    public var forgetsBatches = false
    /// Parts of it that run at the same time and share the teachers' pace.
    public var sharingCount = 1
    /// What parts brought that were merged into the ledger before.
    var merged: AskStep.Parts?
    /// A local file instead of the recipe's source.
    public var localFile: String?
    /// Threads that train; no part of the result.
    public var threadCount: Int?

    public init(
      spendMaximum: Double? = nil, endpoint: String? = nil, localFile: String? = nil, threadCount: Int? = nil
    ) {
      self.spendMaximum = spendMaximum
      self.endpoint = endpoint
      self.localFile = localFile
      self.threadCount = threadCount
    }
  }

  /// The whole way, top to bottom: this list is the pipeline.
  /// - Throws: `HintedError` for a recipe, teacher or option that cannot be followed, before anything runs.
  public init(
    corpus: CorpusFolder, folders: ProjectFolders, workspace: Workspace, ledger: Ledger, options: Options = Options(),
    emit: @escaping EventSink = { _ in }
  ) throws {
    // One limit for all that is asked in this run, by whichever step.
    let budget = Budget(maximum: options.spendMaximum)
    let origin = try Self.origin(corpus, folders, workspace, ledger, options, budget)
    let recipe = corpus.recipe
    let run = workspace.run(corpus.name)
    let training = CorpusTraining(
      section: recipe.training, reply: recipe.task.reply, softTeacher: try Self.softTeacher(corpus, folders))
    let evaluation = try Self.examination(corpus, folders, ledger, budget).map {
      EvaluateStep(
        examination: $0, training: training, core: recipe.verification.core, firmware: folders.firmware,
        buildFolder: "\(workspace.firmwareBuild(corpus.name))/score", folder: workspace.score(corpus.name),
        workspace: workspace, threadCount: options.threadCount)
    }
    self.corpus = corpus
    self.workspace = workspace
    self.ledger = ledger
    self.emit = emit
    var curate = try CurateStep(
      recipe: recipe, corpus: corpus.name, workspace: workspace, samples: origin, curation: corpus.curationSettings(),
      decisions: Self.decisions(corpus, ledger))
    curate.judge = try Self.judge(corpus, folders, ledger, options, budget)
    curate.rewriter = try Self.rewriter(corpus, folders, ledger, options, budget)
    curate.groups = try corpus.splitGroups(in: folders)
    let teachers = recipe.source == nil ? try corpus.teachers(in: folders) : []
    curate.removals = SampleRemovals(
      standing: try ledger.standingRemovals(of: corpus.name),
      expander: teachers.isEmpty ? nil : try corpus.expander(for: teachers), licenses: teachers.licenses)
    let made: [any PipelineStep] = [
      origin,
      curate,
      ShardStep(section: recipe.sharding, folder: workspace.shards(corpus.name), workspace: workspace),
      TrainStep(
        training: training, output: "\(run)/checkpoint", workspace: workspace, threadCount: options.threadCount),
      ExportStep(
        isCompact: training.isCompact, output: workspace.image(corpus.name), workspace: workspace),
    ]
    let proven: [any PipelineStep] = [
      VerifyStep(
        section: recipe.verification, folder: workspace.report(corpus.name),
        buildFolder: workspace.firmwareBuild(corpus.name), firmware: folders.firmware, workspace: workspace),
      ShipStep(
        corpus: corpus, folder: workspace.bundles(), workspace: workspace, firmware: folders.firmware,
        buildFolder: workspace.firmwareBuild("\(corpus.name)/playground"),
        teachers: try corpus.shippedTeachers(in: folders)),
    ]
    // A corpus whose recipe names no judge has no score.
    steps = made + (evaluation.map { [$0] } ?? []) + proven
  }

  /// What people decided about the corpus's texts and did not undo.
  private static func decisions(_ corpus: CorpusFolder, _ ledger: Ledger) throws -> Decisions {
    Decisions(
      try ledger.standingDecisions(of: corpus.name), characters: try corpus.curationSettings().characters)
  }

  /// How the corpus's student is judged; nil where nobody judges.
  static func examination(
    _ corpus: CorpusFolder, _ folders: ProjectFolders, _ ledger: Ledger, _ budget: Budget
  ) throws -> CorpusExamination? {
    guard let section = corpus.recipe.task.examination, let boundary = corpus.recipe.task.reply else { return nil }
    let teacher = try corpus.recipe.teacher.map { try TeacherAccess(named: $0, in: folders) }
    let judge = try section.teacher.map { try TeacherAccess(named: $0.name, in: folders) }
    let grammar = section.judge == .grammar ? try teacher?.grammar() : nil
    var examination = CorpusExamination(boundary: boundary, section: section, corpus: corpus, grammar: grammar)
    if let list = section.label, teacher != nil {
      let expander = try corpus.expander(for: corpus.teachers(in: folders))
      examination.labels = SampleLabels(list: list, expander: expander, ledger: ledger)
    }
    if let judge {
      examination.ask = { try await judge.answer(to: $0, ledger: ledger, within: budget) }
    }
    return examination
  }

  /// Who says the soft labels that a recipe wants; nil where it wants none.
  private static func softTeacher(_ corpus: CorpusFolder, _ folders: ProjectFolders) throws -> SoftTeacher? {
    guard let section = corpus.recipe.training.softLabels else { return nil }
    guard section.from == "scripted" else {
      return try SoftTeacher(checkpoint: section.from.hasPrefix("/") ? section.from : "\(folders.root)/\(section.from)")
    }
    guard let name = corpus.recipe.teacher else {
      throw HintedError(
        "\(corpus.name): training.softLabels is from the scripted teacher, and the recipe names no teacher",
        hint: "name a checkpoint instead: softLabels: {from: runs/teacher.checkpoint}", status: .usage)
    }
    let access = try TeacherAccess(named: name, in: folders)
    let temperature = corpus.recipe.prompting?.sampling.temperature ?? access.profile.sampling.temperature
    return .grammar(try access.grammar(), temperature: temperature)
  }

  /// Where the text comes from: a teacher that is asked, or a file that is fetched.
  private static func origin(
    _ corpus: CorpusFolder, _ folders: ProjectFolders, _ workspace: Workspace, _ ledger: Ledger, _ options: Options,
    _ budget: Budget
  ) throws -> any PipelineStep & SampleSource {
    if let source = corpus.recipe.source {
      return FetchStep(
        source: source, path: "\(workspace.root)/sources/\(corpus.name).txt", localFile: options.localFile,
        workspace: workspace)
    }
    if options.localFile != nil {
      throw HintedError(
        "--from names a file, but \(corpus.name) asks a teacher", hint: "leave --from out", status: .usage)
    }
    return try askStep(corpus, folders, ledger, options, budget)
  }

  /// Whom the recipe asks about its documents; nil where it asks nobody.
  private static func judge(
    _ corpus: CorpusFolder, _ folders: ProjectFolders, _ ledger: Ledger, _ options: Options, _ budget: Budget
  ) throws -> DocumentJudge? {
    try corpus.recipe.judge.map { section in
      DocumentJudge(
        section: section, access: try TeacherAccess(named: section.teacher, in: folders), ledger: ledger,
        budget: budget, isUnchecked: options.isUnchecked)
    }
  }

  /// Who says requests in other words; nil where the recipe wants none.
  private static func rewriter(
    _ corpus: CorpusFolder, _ folders: ProjectFolders, _ ledger: Ledger, _ options: Options, _ budget: Budget
  ) throws -> RequestRewriter? {
    guard let section = corpus.recipe.rewrite else { return nil }
    guard let boundary = corpus.recipe.task.reply else {
      throw HintedError(
        "\(corpus.name) has a rewrite, but lacks the key 'task.reply'",
        hint: "say where a document's reply begins: task: {reply: after-first-line}", status: .badData)
    }
    return RequestRewriter(
      section: section, access: try TeacherAccess(named: section.teacher, in: folders), ledger: ledger,
      budget: budget, isUnchecked: options.isUnchecked, boundary: boundary, seed: corpus.recipe.seed,
      curation: try CurationSettings(corpus.recipe))
  }

  static func askStep(
    _ corpus: CorpusFolder, _ folders: ProjectFolders, _ ledger: Ledger, _ options: Options,
    _ budget: Budget
  ) throws -> AskStep {
    let teachers = try corpus.teachers(in: folders, endpoint: options.endpoint)
      .map { try $0.sharingPace(among: options.sharingCount) }
    let expander = try corpus.expander(for: teachers)
    let curation = try corpus.curationSettings()
    let keepsPrompt = corpus.recipe.prompting?.keepPrompt ?? false
    if keepsPrompt { for teacher in teachers { try teacher.profile.checkKeepsPrompt() } }
    if options.batches || options.forgetsBatches { for teacher in teachers { try teacher.profile.checkTakesBatches() } }
    var asking = Teacher.AskOptions(
      within: budget, retriesRefused: options.retriesRefused,
      checksFirstAnswers: !options.isUnchecked, gathersSamples: false,
      keepsPrompt: keepsPrompt,
      isUsable: { sample in
        var curator = try? Curator(settings: curation)
        return curator?.verdicts(on: sample).contains { if case .accepted = $0 { true } else { false } } ?? true
      })
    (asking.batches, asking.forgetsBatches) = (options.batches, options.forgetsBatches)
    var step = AskStep(
      prompts: expander.stream, teachers: teachers, ledger: ledger, options: asking,
      tolerance: corpus.recipe.prompting?.tolerance ?? 0,
      rounds: try corpus.recipe.prompting?.target.map {
        AskRounds(
          target: $0, curation: curation, decisions: try decisions(corpus, ledger),
          removals: SampleRemovals(
            standing: try ledger.standingRemovals(of: corpus.name), expander: expander, licenses: teachers.licenses))
      },
      format: corpus.format, boundary: curation.boundary)
    step.judge = try judge(corpus, folders, ledger, options, budget)
    step.rewriter = try rewriter(corpus, folders, ledger, options, budget)
    step.curation = curation
    step.merged = options.merged
    return step
  }
}

extension TeacherProfile {
  /// - Throws: `HintedError` for a teacher whose prompts are no beginnings of texts.
  fileprivate func checkKeepsPrompt() throws {
    guard dialect != .openAICompletions else { return }
    throw HintedError(
      "the recipe's prompting.keepPrompt is for teachers that continue a text, and \(name) "
        + (dialect == .llama2c ? "keeps its prompts anyway" : "answers messages"),
      hint: "leave it out, or ask a teacher of the dialect openai-completions", status: .usage)
  }
}
