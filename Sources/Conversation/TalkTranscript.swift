import Basics
import Lineage

/// What was said in a talk, and all that it takes to hear it again. No times, so the same talk gives the same file.
public struct TalkTranscript: Hashable, Codable, Sendable {
  /// One prompt and its answer.
  public struct Exchange: Hashable, Codable, Sendable {
    public var settings: TalkSettings
    public var prompt: String
    public var output: [UInt8]
    /// The output as text; bytes that are no UTF-8 are U+FFFD.
    public var text: String
    /// Whether Ctrl-C ended it.
    public var isInterrupted: Bool
    public var isAbstention: Bool

    public init(
      settings: TalkSettings, prompt: String, output: [UInt8], isInterrupted: Bool = false, isAbstention: Bool = false
    ) {
      self.settings = settings
      self.prompt = prompt
      self.output = output
      text = String(decoding: output, as: UTF8.self)
      self.isInterrupted = isInterrupted
      self.isAbstention = isAbstention
    }
  }

  public var schema = "alambic.transcript/1"
  /// The id of the image's file.
  public var model: ContentID
  /// T, positions that attention sees.
  public var context: Int
  public var exchanges: [Exchange] = []

  public init(model: ContentID, context: Int) {
    self.model = model
    self.context = context
  }

  /// Writes it whole or not at all.
  public func write(to path: String) throws {
    try AtomicFile.write(try CanonicalJSON.pretty(self), to: path)
  }
}
