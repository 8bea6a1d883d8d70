import Basics

/// C files as one, in which nothing is seen from outside: headers first, each once, then the files; names that several
/// of them define become longer. It takes the style of `firmware/engine`: declarations begin in the first column.
struct Amalgamation {
  /// What the engine's functions and tables are declared with.
  static let local = "ATOME_LOCAL"

  private let sources: [CUnit]
  private let read: (String) throws -> String
  private var headers: [String] = []
  private var seen: Set<String> = []
  private let defined: Set<String>

  /// - Parameters:
  ///   - sources: in the order in which they are to stand.
  ///   - read: the text of a header by its name.
  init(_ sources: [CUnit], read: @escaping (String) throws -> String) throws {
    self.read = read
    self.sources = sources
    defined = Set(sources.flatMap(\.names))
    for source in sources { try addHeaders(of: source.text, in: source.name) }
  }

  /// The one file's text.
  func text() throws -> String {
    let units = try sources.map { CUnit(name: $0.name, text: try body(of: $0)) }
    var (once, shared): (Set<String>, Set<String>) = ([], [])
    for name in units.flatMap(\.names) where !once.insert(name).inserted { shared.insert(name) }
    let bodies = units.map { unit in
      "/* ---- \(unit.name) ---- */\n\n" + unit.renaming(shared)
        + unit.macros.map { "#undef \($0)\n" }.joined()
    }
    return (headers + bodies).joined(separator: "\n")
  }

  // MARK: Headers

  /// Headers that stand under no condition, those that they include before them.
  private mutating func addHeaders(of text: String, in file: String) throws {
    for line in CLines(text) where line.depth == 0 {
      guard let name = line.included, seen.insert(name).inserted else { continue }
      let header = Self.withoutFrame(try read(name))
      try addHeaders(of: header, in: name)
      headers.append("/* ---- \(name) ---- */\n\n" + declarations(in: header))
    }
  }

  /// Without what guards against a second inclusion, and what only C++ reads.
  private static func withoutFrame(_ header: String) -> String {
    header.replacing(#/#ifdef __cplusplus\n.*?#endif\n/#.dotMatchesNewlines(), with: "")
      .replacing(#/#ifndef \w+_H\n#define \w+_H\n/#, with: "")
      .replacing(#/\n#endif\s*$/#, with: "\n")
  }

  /// A header's text: functions become local, and those that no file defines are left out with their comments.
  private func declarations(in header: String) -> String {
    var result: [Substring] = []
    var lines = CLines(header).makeIterator()
    while let line = lines.next() {
      guard line.included == nil else { continue }
      guard line.isDeclaration else {
        result.append(Self.localInline(line.text))
        continue
      }
      var declaration = [line.text]
      while declaration.last?.contains(";") == false, let next = lines.next() { declaration.append(next.text) }
      if CNames(in: declaration.joined(separator: "\n")).all.isSubset(of: defined) {
        result += [Self.madeLocal(declaration[0])] + declaration.dropFirst()
      } else {
        Self.removeComment(from: &result)
      }
    }
    return Self.withoutEmptyRuns(result.joined(separator: "\n"))
  }

  private static func removeComment(from lines: inout [Substring]) {
    guard lines.last?.hasSuffix("*/") == true else { return }
    guard let start = lines.lastIndex(where: { $0.hasPrefix("/*") }) else { return }
    lines.removeSubrange(start...)
  }

  // MARK: Files

  /// A file's text with the headers that belong to it alone, in their places under their conditions.
  private func body(of unit: CUnit) throws -> String {
    var result: [Substring] = []
    for line in CLines(unit.text) {
      guard let name = line.included else {
        result.append(line.isDeclaration && !unit.isPublic ? Self.madeLocal(line.text) : Self.localInline(line.text))
        continue
      }
      guard !seen.contains(name) else { continue }
      let header = Self.withoutFrame(try read(name))
      for inner in CLines(header).compactMap(\.included) where !seen.contains(inner) {
        throw HintedError(
          "\(unit.name) includes \(name) under a condition, and that \(inner)",
          hint: "include \(inner) in \(unit.name) as well", status: .internalFault)
      }
      result.append(contentsOf: CLines(header).filter { $0.included == nil }.map { Self.localInline($0.text) })
    }
    return Self.withoutEmptyRuns(result.joined(separator: "\n"))
  }

  // MARK: Lines

  private static func madeLocal(_ line: Substring) -> Substring {
    "\(local) \(line.hasPrefix("extern ") ? line.dropFirst("extern ".count) : line)"
  }

  /// A compiler says nothing of an inline function in a header that is not called, but does of one in a file.
  private static func localInline(_ line: Substring) -> Substring {
    line.contains("static inline ") ? line.replacing("static inline ", with: "\(local) inline ") : line
  }

  private static func withoutEmptyRuns(_ text: String) -> String {
    text.replacing(#/\n{3,}/#, with: "\n\n")
  }
}

/// A C text by its lines, each with how many conditions it stands under.
struct CLines: Sequence {
  struct Line {
    var text: Substring
    var depth: Int

    /// The engine's header that it includes.
    var included: String? { text.firstMatch(of: #/^# *include "(.*)"/#).map { String($0.1) } }

    /// Whether it begins a declaration or a definition that files share: neither static, nor a type.
    var isDeclaration: Bool {
      guard let word = text.prefixMatch(of: #/[a-z]\w*/#)?.0 else { return false }
      return !["static", "typedef", "enum", "struct", "union"].contains(word)
    }
  }

  private let text: String

  init(_ text: String) { self.text = text }

  func makeIterator() -> Array<Line>.Iterator {
    var depth = 0
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      if line.hasPrefix("#if") { depth += 1 }
      defer { if line.hasPrefix("#endif") { depth -= 1 } }
      return Line(text: line, depth: depth)
    }.makeIterator()
  }
}
