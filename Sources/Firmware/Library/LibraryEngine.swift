import Formats

/// One of the C engines, as a library takes it: the files that it is made of, and what the library's state needs.
enum LibraryEngine: String {
  case float
  case integer
  case compact

  init(of image: ModelImage) {
    switch image {
    case .float: self = .float
    case .integer: self = .integer
    case .compact: self = .compact
    }
  }

  /// Under `firmware/engine`, in the order of their use.
  var sources: [String] {
    let shared = ["checks", "layout", "fixed", "vocabulary", "sampler", "status"]
    let own =
      switch self {
      case .float: ["math", "trits", "image", "layers", "engine"]
      case .integer:
        [
          "integer_layout", "integer_image", "integer_product", "integer_layers", "integer_sampler", "integer_engine",
        ]
      case .compact:
        [
          "nibbles", "integer_sampler", "compact_layout", "labels", "compact_image", "compact_layers", "compact_engine",
        ]
      }
    return (shared + own).map { "atome_\($0).c" }
  }

  /// From where on a file is left out, since the rest is for another engine's logits.
  func end(of source: String) -> String? {
    switch (source, self) {
    case ("atome_sampler.c", .integer), ("atome_sampler.c", .compact): "/* MARK: float32 logits */"
    case ("atome_integer_sampler.c", .compact): "uint8_t atome_integer_sample("
    case ("atome_labels.c", _): "/* MARK: a label of logits */"
    default: nil
    }
  }

  /// Under `firmware/library`: what stands before the engine, and what puts the library's functions upon it.
  var preamble: String? { self == .float ? "arithmetic.c" : nil }
  var functions: [String] { ["\(rawValue).c", "library.c"] }

  /// What a logit is in C.
  var logit: String { self == .float ? "float" : "int32_t" }

  /// Addresses, and bytes beside them, of the library's state; the compiler checks that it fits.
  var state: (wordCount: Int, byteCount: Int) {
    switch self {
    case .float: (20, 80)
    case .integer: (15, 96)
    case .compact: (12, 96)
    }
  }
}
