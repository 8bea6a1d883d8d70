import Basics
import Formats
import Lineage
import Networks
import Training

/// A student that takes part in a comparison: what is trained, and the form in which it is measured.
public struct Contestant: Hashable, Sendable {
  /// What would be flashed.
  public enum Form: String, Codable, Sendable, CaseIterable {
    /// An ATOME01 image: what an atome model is trained as.
    case ternary
    /// A compact student's integer image.
    case compact
    /// Four bytes a parameter.
    case float32
    /// A GPT's integer image of 8 bits a weight; rounded after training.
    case int8
    /// A GPT's integer image of 4 bits a weight, which it was trained in.
    case fourBit = "4bit"

    /// What the weights are rounded to in training.
    var weights: TrainingSettings.Weights? { self == .fourBit ? .fourBit : nil }
  }

  public var name: String
  public var shape: StudentShape
  public var form: Form
  /// Left out, or changed, to see what it is worth.
  public var ablation: TrainingSettings.Ablation?
  /// Trained on windows of another length, with as many bytes in a step.
  public var window: Int?

  public init(
    name: String, shape: StudentShape, form: Form, ablation: TrainingSettings.Ablation? = nil, window: Int? = nil
  ) {
    self.name = name
    self.shape = shape
    self.form = form
    self.ablation = ablation
    self.window = window
  }

  /// Reads `gpt-21k:int8`; without a form, an atome model is ternary and a GPT float32.
  /// - Throws: `HintedError` for a name or a form that there is not.
  public init(parsing text: String, window: Int) throws {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    let asked = parts.count == 2 ? Form(rawValue: parts[1]) : nil
    let shape = try StudentShape(named: parts.first ?? "", window: window, weights: asked?.weights)
    let forms = shape.forms
    guard parts.count == 1 || asked != nil, let form = asked ?? forms.first, forms.contains(form) else {
      let all = Form.allCases.filter { type(of: shape.shape).forms(trainedIn: $0.weights).contains($0) }
      throw HintedError(
        "'\(text)' cannot take part: \(parts[0]) has no form '\(parts.last ?? "")'",
        hint: "its forms: \(all.map(\.rawValue).joined(separator: ", "))", status: .usage)
    }
    self.init(name: "\(parts[0]) \(form.rawValue)", shape: shape, form: form)
  }

  /// What stands for a plain GPT of as much flash as the first contestant's.
  static let matchedName = "gpt"
  /// The same with one table of tokens.
  static let tiedMatchedName = "gpt-tied"

  /// Reads a list. `gpt:int8`, `gpt:4bit`, `gpt-tied:int8` and `gpt-tied:4bit` are plain GPTs that are matched to the
  /// first one's flash.
  /// - Throws: `HintedError` for a name or a form that there is not, or a flash that no GPT is near to.
  public static func list(parsing texts: [String], window: Int) throws -> [Contestant] {
    var contestants: [Contestant] = []
    for text in texts {
      guard let first = contestants.first, let (name, form, width) = matched(text) else {
        contestants.append(try Contestant(parsing: text, window: window))
        continue
      }
      let shape = try GPTShape.fitting(
        byteCount: first.shape.shape.flashByteCount(first.form), width: width, isTied: name == tiedMatchedName,
        window: window)
      contestants.append(
        Contestant(name: "\(name) \(form.rawValue)", shape: StudentShape(shape, weights: form.weights), form: form))
    }
    return contestants
  }

  private static func matched(_ text: String) -> (name: String, form: Form, width: GPTWeightWidth)? {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, [matchedName, tiedMatchedName].contains(parts[0]) else { return nil }
    return Form(rawValue: parts[1]).flatMap { form in form.width.map { (parts[0], form, $0) } }
  }
}

extension Contestant.Form {
  /// Of a plain GPT's integer image; nil for another form.
  var width: GPTWeightWidth? {
    switch self {
    case .int8: .eight
    case .fourBit: .four
    case .ternary, .compact, .float32: nil
    }
  }
}

// MARK: - Sets

/// Who takes part, by a name of `--preset-set`.
public enum ContestantSet: String, CaseIterable, Sendable {
  /// The 60 K model against baselines of as many parameters, and of as much flash.
  case sixtyK = "60k"
  /// What 21 KB of flash hold.
  case twentyOneKB = "21kb"
  case sixtyFourKB = "64kb"
  case twoHundredEightyKB = "280kb"

  /// Against as many parameters.
  var equalParameters: [String] {
    self == .sixtyK ? ["atome-60k", "gpt-60k:float32", "gpt-60k:int8", "gpt-60k:4bit"] : []
  }
  /// Against as much flash. A compact student has one table of tokens; neither one nor two are shown to be better for
  /// a GPT of 4 bits, so both take part.
  var equalFlash: [String] {
    switch self {
    case .sixtyK: ["atome-60k", "gpt:int8", "gpt:4bit"]
    case .twentyOneKB: ["atome-21kb", "gpt:int8", "gpt:4bit", "gpt-tied:int8", "gpt-tied:4bit"]
    case .sixtyFourKB: ["atome-64kb", "gpt:4bit", "gpt-tied:int8", "gpt-tied:4bit"]
    case .twoHundredEightyKB: ["atome-280kb", "gpt:4bit", "gpt-tied:4bit"]
    }
  }
  /// Against ternary students, whose images are matched to nothing.
  var ternary: [String] { self == .twentyOneKB ? ["atome-21kb", "atome-54k"] : [] }
  /// As published: the 60 K model, a plain GPT of as many parameters, and one of as much flash.
  var published: [String] {
    (self == .sixtyK ? ["atome-60k", "gpt-60k:float32"] : ["atome-60k"]) + ["gpt-6k:float32"]
  }
}
