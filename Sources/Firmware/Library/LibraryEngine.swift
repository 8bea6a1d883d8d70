import Formats

/// One of the C engines, as a library takes it: the files that it is made of, and what the library's state needs.
enum LibraryEngine: String {
  case float
  case integer
  case compact
  /// The compact engine of a student that says labels, and no text.
  case classifier

  init(of image: ModelImage) {
    switch image {
    case .float: self = .float
    case .integer: self = .integer
    case .compact: self = image.head == nil ? .compact : .classifier
    }
  }

  /// Under `firmware/engine`, in the order of their use.
  var sources: [String] {
    let shared =
      ["checks", "layout", "fixed", "vocabulary"] + (self == .classifier ? [] : ["sampler"]) + ["status"]
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
      case .classifier: ["nibbles", "compact_layout", "labels", "compact_image", "compact_layers", "compact_engine"]
      }
    return (shared + own).map { "atome_\($0).c" }
  }

  /// From where on a file is left out, since the rest is for other engines' logits, or for what this one does not say.
  func end(of source: String) -> String? {
    switch (source, self) {
    case ("atome_sampler.c", .integer), ("atome_sampler.c", .compact): "/* MARK: float32 logits */"
    case ("atome_integer_sampler.c", .compact): "uint8_t atome_integer_sample("
    case ("atome_labels.c", .compact): "/* MARK: a label of logits */"
    case ("atome_compact_engine.c", .classifier): "uint8_t atome_compact_sample("
    case ("compact.c", .classifier): "/* MARK: choosing */"
    default: nil
    }
  }

  /// Under `firmware/library`: what stands before the engine, and what puts the library's functions upon it.
  var preamble: String? { self == .float ? "arithmetic.c" : nil }
  var functions: [String] {
    [self == .classifier ? "compact.c" : "\(rawValue).c", "library.c", "\(purpose)/functions.c"]
  }
  /// The folder there of what depends on what the model says.
  var purpose: String { self == .classifier ? "labels" : "speech" }
  /// What the model is, and what its sketch is called.
  var noun: String { self == .classifier ? "text classifier" : "language model" }
  var example: String { self == .classifier ? "label" : "continue" }

  /// What a logit is in C.
  var logit: String { self == .float ? "float" : "int32_t" }

  /// Addresses, and bytes beside them, of the library's state; the compiler checks that it fits.
  var state: (wordCount: Int, byteCount: Int) {
    switch self {
    case .float: (20, 80)
    case .integer: (15, 96)
    case .compact, .classifier: (12, 96)
    }
  }
}
