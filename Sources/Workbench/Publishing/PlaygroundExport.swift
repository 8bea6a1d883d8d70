import Basics
import Conversation
import Evaluation
import Firmware
import Formats
import Lineage
import Networks
import Shipping

/// Makes the page that lets an image talk: compiles the engine to WebAssembly and puts both into one file.
public struct PlaygroundExport: Sendable {
  public var page: Playground
  /// Where the engine's sources are.
  public var firmware: String
  /// Where the module is built; safe to delete afterwards.
  public var buildFolder: String

  public init(page: Playground, firmware: String, buildFolder: String) {
    (self.page, self.firmware, self.buildFolder) = (page, firmware, buildFolder)
  }

  /// Whether the compiler and its linker are there.
  public static var isPossible: Bool { WebAssemblyModule.requiredTools.allSatisfy(Toolbox().contains) }

  /// Of a dialogue's corpus: what stands around requests is added by the page, and a few held-out requests are offered.
  public init(corpus: CorpusFolder, shards: String, firmware: String, buildFolder: String) throws {
    var page = Playground(name: corpus.name, description: corpus.recipe.description)
    if let boundary = corpus.recipe.task.reply {
      let frame = try RequestSurvey(shards: shards, boundary: boundary).frame
      (page.before, page.after) = (frame.prefix, frame.suffix)
      page.examples = try Self.examples(shards, boundary, frame)
    }
    self.init(page: page, firmware: firmware, buildFolder: buildFolder)
  }

  /// - Parameter image: says its shape.
  /// - Throws: `HintedError` when a tool is missing.
  public func html(_ image: [UInt8]) async throws -> String {
    let module = try await WebAssemblyModule.build(firmwareFolder: firmware, in: buildFolder)
    return try page.page(engine: module.bytes, image: image)
  }

  private static func examples(_ shards: String, _ boundary: ReplyBoundary, _ frame: RequestFrame) throws -> [String] {
    let reader = try ShardReader(folder: shards)
    let count = try reader.documentTable(of: .heldOut).documentCount
    var examples: [String] = []
    for index in 0..<count where examples.count < 5 {
      let text = try reader.text(ofDocument: index, in: .heldOut)
      guard let start = boundary.replyStart(in: text) else { continue }
      let request = frame.body(of: String(decoding: text[..<start], as: UTF8.self))
      if 3...60 ~= request.count, !examples.contains(request) { examples.append(request) }
    }
    return examples
  }
}

extension Workbench {
  /// The page of a corpus's student.
  /// - Throws: `HintedError` for a corpus that there is not, or that was not sharded so far.
  public func playground(_ corpus: String) throws -> PlaygroundExport {
    try PlaygroundExport(
      corpus: CorpusFolder.open(corpus, in: folders), shards: workspace.shards(corpus), firmware: folders.firmware,
      buildFolder: workspace.firmwareBuild("playground"))
  }
}
