import Basics
import Formats
import Networks

/// A student of any architecture: what comparisons train side by side.
public struct StudentShape: Sendable {
  let shape: any Student

  public init(_ shape: any Student) { self.shape = shape }

  /// A preset's shape; a GPT gets positions for windows of `window` tokens.
  /// - Throws: `HintedError` for a name that is no preset's.
  public init(preset name: String, window: Int) throws {
    let found = try Architectures.shape(preset: name, window: window)
    guard let student = found as? any Student else {
      throw HintedError("the preset '\(name)' takes no part in studies", hint: "train it by itself", status: .usage)
    }
    shape = student
  }

  public var parameterCount: Int { shape.parameterCount }

  var forms: [Contestant.Form] { type(of: shape).forms }

  /// Says it all: part of what runs are cached by.
  var text: String { "\(type(of: shape).architecture.rawValue) \(shape)" }
}

extension StudentShape: Hashable, CustomStringConvertible {
  public var description: String { shape.description }

  public static func == (left: StudentShape, right: StudentShape) -> Bool { left.text == right.text }

  public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
