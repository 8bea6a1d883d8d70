import Basics

/// What a library is called: its folder, its files, and the beginning of every name in it.
struct LibraryName {
  var text: String

  static let longest = 40

  /// What C, C++ and their libraries call things.
  private static let taken: Set<String> = Set(
    """
    auto break case char const continue default do double else enum extern float for goto if inline int long register \
    restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm bool catch \
    class delete explicit export false friend mutable namespace new operator private protected public template this \
    throw true try typename using virtual nullptr assert complex ctype errno fenv inttypes iso646 limits locale math \
    setjmp signal stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time \
    uchar wchar arduino main atome library
    """.split(separator: " ").map(String.init))

  /// - Throws: `HintedError` for what C could not call a function.
  init(_ text: String) throws {
    guard text.wholeMatch(of: #/[a-z][a-z0-9_]*/#) != nil, text.utf8.count <= Self.longest,
      !Self.taken.contains(text)
    else {
      throw HintedError(
        "a library cannot be called '\(text)'",
        hint: "end --library with a name that C can take: at most \(Self.longest) of a-z, 0-9 and _, a letter first, "
          + "and no word of C", status: .usage)
    }
    self.text = text
  }

  /// For macros.
  var upper: String { text.uppercased() }
}
