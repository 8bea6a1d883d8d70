import Basics

/// How a file begins that is no text: packed, or of another program's form.
enum PackedFile {
  struct Kind {
    /// Nil for a byte that may be any.
    let start: [UInt8?]
    let name: String
    let tool: String
    /// Alambic looks through it wherever it reads a file.
    let isLookedThrough: Bool
  }

  static let kinds = [
    Kind(start: [0x1F, 0x8B], name: "gzip", tool: "gunzip -k", isLookedThrough: true),
    Kind(start: [0x28, 0xB5, 0x2F, 0xFD], name: "zstd", tool: "zstd -d", isLookedThrough: true),
    Kind(start: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], name: "xz", tool: "unxz -k", isLookedThrough: false),
    // The digit is how large its blocks are.
    Kind(
      start: Array("BZh".utf8) + [nil] + Array("1AY&SY".utf8), name: "bzip2", tool: "bunzip2 -k", isLookedThrough: false
    ),
    Kind(start: Array("PK\u{3}\u{4}".utf8), name: "zip", tool: "unzip", isLookedThrough: false),
  ]

  static func kind(of bytes: [UInt8]) -> Kind? {
    kinds.first { bytes.starts(with: $0.start) { byte, own in own == nil || own == byte } }
  }

  /// - Throws: `HintedError` for a file of which no text can be read.
  static func check(_ beginning: [UInt8], named name: String) throws {
    if let kind = kind(of: beginning), !kind.isLookedThrough {
      throw HintedError(
        "\(name) is a \(kind.name) file, and alambic looks through gzip and zstd alone",
        hint: "unpack it first: \(kind.tool)")
    }
    if beginning.starts(with: Array("PAR1".utf8)) {
      throw HintedError(
        "\(name) is a Parquet file, which alambic does not read",
        hint: "pandas makes JSON lines of it: read_parquet(\"a.parquet\").to_json(\"a.jsonl\", \"records\", lines=True)"
      )
    }
    if beginning.starts(with: [0xFF, 0xFE]) || beginning.starts(with: [0xFE, 0xFF]) {
      throw HintedError("\(name) is text in UTF-16", hint: "iconv -f UTF-16 -t UTF-8 makes it UTF-8")
    }
  }
}
