import Basics
import Formats
import Networks

/// A student of any architecture: what comparisons train side by side.
public struct StudentShape: Sendable {
  let shape: any Student
  /// What its weights are rounded to in training; nil for what the architecture is made of.
  let weights: TrainingSettings.Weights?

  public init(_ shape: any Student, weights: TrainingSettings.Weights? = nil) {
    self.shape = shape
    self.weights = weights
  }

  /// A preset's shape, or a plain GPT by its dimensions; a GPT gets positions for windows of `window` tokens.
  /// - Throws: `HintedError` for a name that is no preset's, or dimensions that make no GPT.
  public init(named name: String, window: Int, weights: TrainingSettings.Weights? = nil) throws {
    self.weights = weights
    guard !GPTShape.isDescribed(by: name) else {
      shape = try GPTShape(parsing: name, window: window)
      return
    }
    let found = try Architectures.shape(preset: name, window: window)
    guard let student = found as? any Student else {
      throw HintedError("the preset '\(name)' takes no part in studies", hint: "train it by itself", status: .usage)
    }
    shape = student
  }

  public var parameterCount: Int { shape.parameterCount }

  var forms: [Contestant.Form] { type(of: shape).forms(trainedIn: weights) }

  /// Says it all: part of what runs are cached by.
  var text: String {
    "\(type(of: shape).architecture.rawValue) \(shape)" + (weights.map { " in \($0.rawValue)" } ?? "")
  }

  /// What a run of it is told.
  func settings(_ settings: TrainingSettings) -> TrainingSettings {
    var own = settings
    own.weights = weights
    return own
  }
}

extension StudentShape: Hashable, CustomStringConvertible {
  public var description: String { shape.description }

  public static func == (left: StudentShape, right: StudentShape) -> Bool { left.text == right.text }

  public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
