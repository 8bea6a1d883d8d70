extension NearDuplicateSettings {
  /// The sets of near duplicates among texts in memory, by their positions.
  public func sets(of texts: [String], threadCount: Int) async throws -> DisjointSets {
    var sketcher = Sketcher(self)
    var finder = NearDuplicateFinder(self)
    for text in texts {
      var text = text
      try finder.append(text.withUTF8 { sketcher.sketch($0) })
    }
    return try await finder.joined(TextArray(texts: texts), threadCount: threadCount)
  }
}

private struct TextArray: NumberedTexts {
  let texts: [String]
  func bytes(of number: Int) -> [UInt8] { Array(texts[number].utf8) }
}
