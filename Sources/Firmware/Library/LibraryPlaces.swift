import Basics
import Formats

/// What stands in the places of the files under `firmware/library`: `@name@`, `@context@`.
struct LibraryPlaces {
  private var values: [Substring: String]

  init(
    name: LibraryName, settings: EngineLibrary.Settings, engine: LibraryEngine, model: [UInt8], shape: String,
    engineByteCount: Int
  ) {
    values = [
      "name": name.text, "NAME": name.upper, "version": AlambicVersion.current,
      "sha256": ContentID(of: model).hex, "image_bytes": "\(model.count)",
      "image_kind": "\(engine == .float ? "float32" : "integers"), \(shape)",
      "context": "\(settings.contextLength)", "engine_bytes": "\(engineByteCount)",
      "state_words": "\(engine.state.wordCount)", "state_bytes": "\(engine.state.byteCount)",
      "logit": engine.logit, "prompt": CLiterals.string(settings.prompt), "byte_limit": "\(settings.textByteLimit)",
      "noun": engine.noun, "example": engine.example,
    ]
  }

  /// A classifier's labels, by their numbers.
  mutating func tell(_ labels: [String]) {
    let lines = labels.enumerated().map { "\($0): \(Self.inComment($1))" }
    values["label_count"] = "\(labels.count)"
    values["label_lines"] = lines.map { " *   \($0)" }.joined(separator: "\n")
    values["label_items"] = lines.map { "- \($0)" }.joined(separator: "\n")
  }

  /// The texts that differ with what a model says: the header's example and declarations, the README's example.
  /// - Parameter read: a text by its path under `firmware/library`.
  mutating func tell(_ purpose: String, read: (String) throws -> String) throws {
    for (place, file) in [("use", "use.h"), ("declarations", "declarations.h"), ("use_text", "use.txt")] {
      let path = "\(purpose)/\(file)"
      let text = try fill(try read(path), of: path)
      values[place[...]] = text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
  }

  /// A name as C takes it in a comment: it can neither end nor begin one, nor leave its line.
  private static func inComment(_ name: String) -> String {
    let line = String(String.UnicodeScalarView(name.unicodeScalars.map { $0.value < 32 ? " " : $0 }))
    return line.replacing("*/", with: "* /").replacing("/*", with: "/ *").replacing("\\", with: "/")
  }

  /// - Throws: `HintedError` for a place that nothing is known of.
  func fill(_ text: String, of file: String) throws -> String {
    try text.replacing(#/@(\w+)@/#) { match in
      guard let value = values[match.1] else {
        throw HintedError("firmware/library: \(file) has the unknown place \(match.0)", status: .internalFault)
      }
      return value
    }
  }
}
