import Basics
import Formats
import Lineage
import Training

/// A student that takes part in a comparison: what is trained, and the form in which it is measured.
public struct Contestant: Hashable, Sendable {
  /// What would be flashed.
  public enum Form: String, Codable, Sendable, CaseIterable {
    /// An ATOME01 image: what an atome model is trained as.
    case ternary
    /// Four bytes a parameter.
    case float32
    /// A byte a weight, and a scale a row; rounded after training.
    case int8
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
    let shape = try StudentShape(preset: parts.first ?? "", window: window)
    let forms = shape.forms
    guard let form = parts.count == 2 ? Form(rawValue: parts[1]) : forms[0], forms.contains(form) else {
      throw HintedError(
        "'\(text)' cannot take part: \(parts[0]) has no form '\(parts.last ?? "")'",
        hint: "its forms: \(forms.map(\.rawValue).joined(separator: ", "))", status: .usage)
    }
    self.init(name: "\(parts[0]) \(form.rawValue)", shape: shape, form: form)
  }
}

// MARK: - Sets

/// Who takes part, by a name of `--preset-set`.
public enum ContestantSet: String, CaseIterable, Sendable {
  /// The 60 K model against baselines of as many parameters, and of as much flash.
  case sixtyK = "60k"
  /// What 21 KB of flash hold.
  case twentyOneKB = "21kb"

  /// Against as many parameters.
  var equalParameters: [String] { self == .sixtyK ? ["atome-60k", "gpt-60k:float32", "gpt-60k:int8"] : [] }
  /// Against as much flash.
  var equalFlash: [String] { ["atome-60k", "atome-54k", "gpt-6k:float32", "gpt-21k:int8"] }
  /// As published: the 60 K model, a plain GPT of as many parameters, and one of as much flash.
  var published: [String] {
    (self == .sixtyK ? ["atome-60k", "gpt-60k:float32"] : ["atome-60k"]) + ["gpt-6k:float32"]
  }
}
