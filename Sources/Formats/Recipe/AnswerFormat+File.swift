import Basics
import Lineage

extension AnswerFormat {
  private static let byteLimit = 1 << 20

  /// Reads the schema beside a recipe, and checks that its text can be made of it.
  /// - Throws: `HintedError` with the file.
  init(_ section: Recipe.JSONAnswers, folder: String) throws {
    let path = "\(folder)/\(section.schema)"
    let bytes = try AtomicFile.read(path)
    guard bytes.count <= Self.byteLimit else {
      throw HintedError("\(path) has \(ReadableUnits.bytes(bytes.count)), more than a schema may have")
    }
    do {
      try self.init(
        schema: JSONSchema(LenientJSON(bytes).value), text: section.text, items: section.items,
        repairs: section.repairs)
    } catch let error as LenientJSON.Failure {
      throw HintedError("\(path) is not JSON: \(error.detail), at byte \(error.byteOffset)")
    } catch let error as HintedError {
      throw HintedError("\(path): \(error.message)", hint: error.hint)
    }
  }
}
