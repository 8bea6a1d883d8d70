extension Recipe.WordList {
  /// The list whose word decides about this one's; nil for a list of its own.
  public var parent: String? {
    if case .dependent(let parent, _, _) = self { parent } else { nil }
  }

  /// Whether its words are pieces of a file, which have a place there.
  public var isOfPieces: Bool {
    switch self {
    case .passages, .examples: true
    case .inline, .file, .weighted, .dependent: false
    }
  }
}
