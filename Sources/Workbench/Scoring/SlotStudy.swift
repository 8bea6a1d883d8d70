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
    /// At most `wrongAnswerLimit`, in the order of the texts, those out of scope last.
    public var wrongAnswers: [WrongAnswer]
  }

  public struct WrongAnswer: Codable, Sendable {
    public var text: String
    public var expected: String
    public var said: String
  }

  /// How many wrong answers are kept to be read.
  public static let wrongAnswerLimit = 20

  public var image: LoadedImage
  public var frame: LabelClassifier.Frame
  public var engine: HostEngine
  public var texts: LabelledTexts
  /// The label of texts that are out of scope, if there is one.
  public var none: String?
  /// Further texts that are.
  public var outOfScope: LabelledTexts?

  public init(
    _ image: LoadedImage, frame: LabelClassifier.Frame, engine: HostEngine, texts: LabelledTexts, none: String? = nil,
    outOfScope: LabelledTexts? = nil
  ) {
    (self.image, self.frame, self.engine, self.texts) = (image, frame, engine, texts)
    (self.none, self.outOfScope) = (none, outOfScope)
  }

  /// - Throws: `HintedError` for an image that cannot be asked.
  public func run() throws -> Answer {
    var writer = try LabelWriter(image, frame: frame, kind: engine)
    var wrong: [WrongAnswer] = []
    func ask(_ text: String, _ expected: String) throws -> (expected: SlottedLabel, said: SlottedLabel) {
      let said = try writer.label(of: text)
      let answer = (SlottedLabel(parsing: expected), SlottedLabel(parsing: said))
      if !answer.0.means(answer.1), wrong.count < Self.wrongAnswerLimit {
        wrong.append(WrongAnswer(text: text, expected: expected, said: said))
      }
      return answer
    }
    let answers = try texts.examples.map { try ask($0.text, $0.label) }
    let strangers = try outOfScope?.examples.map { try ask($0.text, none ?? "").said }
    return Answer(
      image: image.id, textCount: texts.examples.count,
      report: SlotReport(answers, none: none.map { SlottedLabel(parsing: $0) }, outOfScope: strangers),
      wrongAnswers: wrong)
  }
}
