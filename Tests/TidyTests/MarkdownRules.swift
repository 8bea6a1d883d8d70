import Foundation

/// What every page keeps to.
enum MarkdownRules {
  /// The first line is the page's only title.
  static func title(of file: RepositoryFile) -> [Finding] {
    guard file.isMarkdown else { return [] }
    let prose = proseLines(of: file)
    let titles = prose.filter { $0.text.hasPrefix("# ") }
    guard let first = prose.first(where: { !$0.text.isEmpty }), first.text.hasPrefix("# ") else {
      return [Finding(file, "a page begins with its title: '# Title'")]
    }
    return titles.dropFirst().map { Finding(file, line: $0.number, "a second title: use '##'") }
  }

  /// Links that lead to a file lead to one that exists.
  /// - Parameter exists: whether a path, relative to the package's root, exists.
  static func links(in file: RepositoryFile, exists: (String) -> Bool) -> [Finding] {
    guard file.isMarkdown else { return [] }
    let folder = (file.path as NSString).deletingLastPathComponent
    return proseLines(of: file).flatMap { line in
      targets(in: line.text).compactMap { target in
        let path = (folder as NSString).appendingPathComponent(target)
        return exists(path) ? nil : Finding(file, line: line.number, "the link leads nowhere: \(target)")
      }
    }
  }

  /// Relative targets of a line's links and images, without fragments.
  private static func targets(in line: Substring) -> [String] {
    line.matches(of: #/\]\(([^)\s]+)[^)]*\)/#).compactMap { match in
      let target = match.1.prefix { $0 != "#" }
      let isOutside = target.contains("://") || target.hasPrefix("mailto:")
      return target.isEmpty || isOutside ? nil : String(target)
    }
  }

  /// Lines outside code fences and front matter.
  private static func proseLines(of file: RepositoryFile) -> [(number: Int, text: Substring)] {
    var lines = file.lines[...]
    if lines.first?.text == "---", let end = lines.dropFirst().firstIndex(where: { $0.text == "---" }) {
      lines = lines[(end + 1)...]
    }
    var isFenced = false
    return lines.filter { line in
      let isFence = line.text.drop { $0 == " " }.hasPrefix("```")
      if isFence { isFenced.toggle() }
      return !isFence && !isFenced
    }
  }
}
