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
    ]
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
