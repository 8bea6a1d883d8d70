/// The characters beyond ASCII that stand for ASCII ones in typeset text. docs/formats/documents.md has the same table.
enum TypographicCharacters {
  /// The ASCII text that `scalar` becomes, possibly empty; nil when it stays as it is.
  static func replacement(for scalar: Unicode.Scalar) -> String? {
    switch scalar.value {
    // Single quotation marks, the modifier apostrophe, the prime.
    case 0x2018...0x201B, 0x02BC, 0x2032: "'"
    // Double quotation marks, the double prime, guillemets.
    case 0x201C...0x201F, 0x2033, 0x00AB, 0x00BB: "\""
    // Hyphens, figure and en dash, minus sign.
    case 0x2010...0x2013, 0x2212: "-"
    // Em dash and horizontal bar: two hyphens, as typewriters wrote them.
    case 0x2014, 0x2015: "--"
    case 0x2026: "..."
    case 0x2022: "*"
    // The no-break space, and spaces of a fixed width.
    case 0x00A0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: " "
    // Invisible: soft hyphen, zero-width space, word joiner, byte order mark. Not the joiners U+200C and U+200D: they
    // change how letters and emoji are drawn.
    case 0x00AD, 0x200B, 0x2060, 0xFEFF: ""
    default: nil
    }
  }
}
