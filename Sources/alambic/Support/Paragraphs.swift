/// A command's description, as a person reads it.
extension String {
  /// The lines of a paragraph as one, which the help then wraps once, to the terminal's width. Lines that begin with a
  /// blank stay as they are, such as examples.
  var paragraphs: String {
    var lines: [String] = []
    var joins = false
    for line in split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      let isText = line.first.map { $0 != " " } ?? false
      if isText, joins, let last = lines.indices.last { lines[last] += " " + line } else { lines.append(line) }
      joins = isText
    }
    return lines.joined(separator: "\n")
  }
}
