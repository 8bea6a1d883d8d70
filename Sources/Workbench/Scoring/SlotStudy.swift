import Basics
import Conversation
import Evaluation
import Formats
import Lineage

/// A student that answers with an intent and its slots, on texts for which these are known.
public struct SlotStudy: Sendable {
  public struct Answer: Codable, Sendable {
    public var schema = "alambic.slots/1"
    public var image: ContentID
    public var textCount: Int
    public var report: SlotReport
  }

  public var image: LoadedImage
  public var frame: LabelClassifier.Frame
  public var engine: HostEngine
  public var texts: LabelledTexts

  public init(_ image: LoadedImage, frame: LabelClassifier.Frame, engine: HostEngine, texts: LabelledTexts) {
    (self.image, self.frame, self.engine, self.texts) = (image, frame, engine, texts)
  }

  /// - Throws: `HintedError` for an image that cannot be asked.
  public func run() throws -> Answer {
    var writer = try LabelWriter(image, frame: frame, kind: engine)
    let answers = try texts.examples.map {
      (SlottedLabel(parsing: $0.label), SlottedLabel(parsing: try writer.label(of: $0.text)))
    }
    return Answer(image: image.id, textCount: texts.examples.count, report: SlotReport(answers))
  }
}
