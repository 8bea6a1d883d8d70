/// How often a request is typed carelessly; each kind by itself, as a share of 1.
public struct TypingNoise: Hashable, Codable, Sendable {
  /// One letter left out, doubled, swapped with the next, or replaced by its neighbour on the keyboard.
  public var typo: Double
  /// Without full stops, commas, question and exclamation marks, and apostrophes; decimal points stay.
  public var unpunctuated: Double
  /// The first letter a capital.
  public var capitalized: Double
  /// All letters capitals.
  public var upper: Double

  public init(typo: Double = 0, unpunctuated: Double = 0, capitalized: Double = 0, upper: Double = 0) {
    self.typo = typo
    self.unpunctuated = unpunctuated
    self.capitalized = capitalized
    self.upper = upper
  }

  public var isSilent: Bool { self == TypingNoise() }
}
