import Basics
import Conversation
import Formats
import Foundation
import HTTPTransport
import Ledger
import Lineage
import ScriptedTeacher
import Serving
import Teachers

/// How to reach a teacher: as its profile says, or, for one that is served here, by starting it on loopback.
public struct TeacherAccess: Sendable {
  public private(set) var profile: TeacherProfile
  /// Of a scripted teacher.
  let grammarPath: String?
  /// Of a llama2.c model: its files.
  private let modelPaths: (weights: String, tokenizer: String)?
  /// Overrides where requests go.
  let endpoint: String?

  /// - Parameter endpoint: asks there instead; for proxies, and for a scripted teacher that runs elsewhere.
  /// - Throws: `HintedError` for an unknown name, with the one that was probably meant.
  public init(named name: String, in folders: ProjectFolders, endpoint: String? = nil) throws {
    let known = Self.names(in: folders)
    guard known.contains(name) else {
      throw HintedError(
        "there is no teacher named '\(name)' in \(folders.teachers)",
        hint: Self.hint(for: name, known, folders), status: .usage)
    }
    profile = try TeacherProfileFile.read("\(folders.teachers)/\(name).yaml")
    grammarPath = profile.grammar.map { "\(folders.teachers)/\($0)" }
    if let weights = profile.weights, let tokenizer = profile.tokenizer {
      modelPaths = ("\(folders.teachers)/\(weights)", "\(folders.teachers)/\(tokenizer)")
    } else {
      modelPaths = nil
    }
    if let endpoint, let fault = TeacherProfile.fault(ofEndpoint: endpoint) {
      throw HintedError("--endpoint \(fault.what)", hint: fault.hint, status: .usage)
    }
    self.endpoint = endpoint.map(TeacherProfile.trimmed)
  }

  /// What to do about a teacher that is not there: take the profile that came with the program, or another name.
  private static func hint(for name: String, _ known: [String], _ folders: ProjectFolders) -> String {
    let shipped = ShippedFiles.folders("teachers").first { FileManager.default.fileExists(atPath: $0) }
    if let shipped, FileManager.default.fileExists(atPath: "\(shipped)/\(name).yaml") {
      return "one came with the program: cp '\(shipped)/\(name).'* '\(folders.teachers)'"
    }
    guard known.isEmpty else {
      let near = EditDistance.nearest(to: name, in: known).map { "did you mean '\($0)'? " } ?? ""
      return "\(near)teachers: \(known.joined(separator: ", "))"
    }
    return shipped.map { "profiles that came with the program are in \($0)" }
      ?? "docs/formats/teacher.md says what is in a profile"
  }

  /// This teacher for one of several runs at the same time, which share its pace. One that every run starts for itself
  /// has no other.
  /// - Throws: `HintedError` where the pace is less than one for each.
  func sharingPace(among count: Int) throws -> TeacherAccess {
    guard count > 1, endpoint != nil || !profile.dialect.isServedHere else { return self }
    var shared = self
    let pace = profile.pace
    shared.profile.pace.maxInFlight = try share(of: pace.maxInFlight, "maxInFlight", among: count)
    shared.profile.pace.requestsPerMinute = try pace.requestsPerMinute
      .map { try share(of: $0, "requestsPerMinute", among: count) }
    shared.profile.pace.tokensPerMinute = try pace.tokensPerMinute
      .map { try share(of: $0, "tokensPerMinute", among: count) }
    return shared
  }

  private func share(of whole: Int, _ key: String, among count: Int) throws -> Int {
    guard whole >= count else {
      throw HintedError(
        "the teacher '\(profile.name)' has pace.\(key) \(whole), less than one for each of \(count) parts at once",
        hint: "run fewer at the same time, and say so: --at-once \(whole)", status: .usage)
    }
    return whole / count
  }

  /// The profiles of a project, by name.
  public static func names(in folders: ProjectFolders) -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folders.teachers)) ?? []
    return entries.filter { $0.hasSuffix(".yaml") && !$0.hasSuffix(".grammar.yaml") }.map { String($0.dropLast(5)) }
      .sorted()
  }

  /// What stands for the server in a request's identity: an address, or what a scripted teacher is made of, since its
  /// port changes with every run.
  func identity() throws -> String {
    if let grammarPath { return try ContentID(ofFile: grammarPath).description }
    if let modelPaths {
      try checkModelFiles()
      let ids = [try ContentID(ofFile: modelPaths.weights), try ContentID(ofFile: modelPaths.tokenizer)]
      return try ContentID(ofCanonical: ids).description
    }
    // The same teacher behind another address is the same teacher: a proxy changes no answer.
    return profile.endpoint ?? endpoint ?? ""
  }

  /// A teacher that is not asked: it says how requests read and what they would cost.
  func unconnected() throws -> Teacher {
    // Nothing is sent, so the key is not needed, and stages after `ask` must work without it.
    let environment = profile.keyVariable.map { [$0: "unused"] } ?? [:]
    return try Teacher(
      profile: profile, client: try HTTPClient(), environment: environment,
      baseURL: endpoint ?? profile.endpoint ?? "http://127.0.0.1", identity: try identity())
  }

  /// Runs `body` with a teacher that answers; a scripted one is started before it and stopped after.
  func withTeacher<Result>(_ body: (Teacher) async throws -> Result) async throws -> Result {
    guard profile.dialect.isServedHere, endpoint == nil else {
      return try await body(try teacher(at: endpoint))
    }
    let server = try server()
    let port = try await server.start()
    do {
      let result = try await body(try teacher(at: "http://127.0.0.1:\(port)/v1"))
      await server.stop()
      return result
    } catch {
      await server.stop()
      throw error
    }
  }

  private func teacher(at address: String?) throws -> Teacher {
    try Teacher(profile: profile, client: try HTTPClient(), baseURL: address, identity: try identity())
  }

  /// Serves a scripted teacher until the task is cancelled.
  /// - Parameter onReady: told of the port once it answers.
  /// - Throws: `HintedError` when it cannot listen, or no longer does.
  public func serve(_ settings: ServerSettings, onReady: (UInt16) -> Void) async throws {
    try await server(settings).run(onReady: onReady)
  }

  /// Tells which lines a scripted teacher's grammar can say: how well formed a student's speech is.
  /// - Returns: for each line, whether it is an utterance or a reply of the grammar.
  public func recognises(_ lines: [String]) throws -> [Bool] {
    let recognizer = GrammarRecognizer(grammar: try grammar())
    return lines.map { recognizer.accepts(utteranceLine: $0) || recognizer.accepts(replyLine: $0) }
  }

  /// The teacher itself, not yet started.
  private func server(_ settings: ServerSettings = ServerSettings()) throws -> ModelServer {
    guard let modelPaths else {
      return ModelServer(grammar: try grammar(), model: profile.model, settings: settings)
    }
    try checkModelFiles()
    let file = try ModelFile(reading: modelPaths.weights, tokenizer: modelPaths.tokenizer)
    return ModelServer(
      StudentRespondent(try file.speaking(), framing: .text), model: profile.model, settings: settings)
  }

  private func checkModelFiles() throws {
    guard let modelPaths else { return }
    for path in [modelPaths.weights, modelPaths.tokenizer] where !FileManager.default.fileExists(atPath: path) {
      throw HintedError(
        "the teacher '\(profile.name)' lacks its file \(path)",
        hint: "models are not part of the project: fetch it as the profile says, and put it there",
        status: .unavailable)
    }
  }

  /// Asks one question, as a judge is asked: stored in the ledger, and paid once.
  /// - Parameter budget: of the run that asks many such questions, several at once.
  func answer(to text: String, ledger: Ledger, within budget: Budget) async throws -> String {
    let prompt = try Prompt(index: 0, messages: [Message(.user, text)], sampling: profile.sampling)
    return try await ask([prompt], ledger: ledger, within: budget).samples.first?.text ?? ""
  }

  /// Asks a few prompts that are no corpus's.
  func ask(_ prompts: [Prompt], ledger: Ledger, within budget: Budget) async throws -> AskOutcome {
    try await withTeacher { teacher in
      try await teacher.ask(
        prompts, store: LedgerAnswerStore(ledger), options: Teacher.AskOptions(within: budget))
    }
  }

  /// Finds out what the server takes and gives.
  public func check() async throws -> TeacherReport {
    try await withTeacher { teacher in
      var check = TeacherCheck(teacher)
      return try await check.run()
    }
  }

  func grammar() throws -> Grammar {
    guard let grammarPath else {
      throw HintedError("the teacher '\(profile.name)' is not scripted, so it has no grammar", status: .usage)
    }
    return try GrammarFile.read(grammarPath)
  }
}
