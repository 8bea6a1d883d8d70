import Basics
import Lineage
import Networks

/// What an `.atome` file holds.
public struct AtomeImageContents: Sendable {
  public var model: AtomeModel
  /// Nil for a foreign blob, whose shape came from the caller.
  public var trailer: AtomeTrailer?
  public var bodyByteCount: Int
  public var packing: AtomePacking
  /// Bytes, where the file says nothing.
  public var vocabulary = Vocabulary.bytes

  /// The positions that the student was trained with; nil where the file does not say.
  public var trainedContext: Int? { trailer?.trainedContext }
}

/// ATOME01 and ATOME02 images: the published layout, byte for byte, and Alambic's trailer after it.
/// Specified in docs/formats/atome.md.
public enum AtomeImageFile {
  /// The file's bytes: body and trailer.
  /// - Parameters:
  ///   - model: what the file will hold.
  ///   - packing: four trits a byte, or five.
  ///   - vocabulary: the tokens; nothing is written of bytes.
  ///   - trainedContext: the positions that the student was trained with.
  ///   - provenance: the id of what the model was made from.
  public static func write(
    _ model: AtomeModel, packing: AtomePacking = .atome01, vocabulary: Vocabulary = .bytes,
    trainedContext: Int? = nil, provenance: ContentID?
  ) -> [UInt8] {
    let body = AtomeBody.bytes(of: model, packing: packing)
    let section = VocabularyFile.write(vocabulary)
    let trailer = AtomeTrailer(
      describing: body, vocabulary: section, shape: model.shape, trainedContext: trainedContext,
      provenance: provenance)
    return body + section + trailer.bytes
  }

  /// Reads and checks a file.
  /// - Parameters:
  ///   - file: its bytes.
  ///   - name: for messages: the file's path.
  ///   - shape: of a blob without a trailer; must agree with the trailer if there is one.
  /// - Throws: `HintedError` that says what is wrong, where, and what to do.
  public static func read(_ file: [UInt8], name: String, shape: AtomeShape? = nil) throws -> AtomeImageContents {
    guard let packing = AtomePacking(of: file) else { throw isAnother(file, name) }
    let trailer =
      AtomeTrailer.isPresent(in: file) ? try AtomeTrailer(readingEndOf: file, packing: packing, name: name) : nil
    guard let actual = trailer?.shape ?? shape else { throw shapeIsMissing(file, packing, name) }
    if let shape, shape != actual {
      throw HintedError(
        "\(name) has the shape \(actual), not \(shape)", hint: "leave the shape out; the file says its own",
        status: .usage)
    }
    try actual.validate()
    let sealed = Array(trailer == nil ? file[...] : file.dropLast(AtomeTrailer.byteCount))
    let body = Array(sealed.prefix(trailer?.bodyByteCount ?? sealed.count))
    let vocabulary = try VocabularyFile.read(Array(sealed.dropFirst(body.count)), name: name)
    try checkLength(body, actual, packing, name)
    let model = try AtomeBody.read(
      body, name: name, shape: actual, packing: packing, paddingMustBeZero: trailer != nil)
    return AtomeImageContents(
      model: model, trailer: trailer, bodyByteCount: body.count, packing: packing,
      vocabulary: vocabulary)
  }
}

// MARK: - Refusals

extension AtomeImageFile {
  private static func isAnother(_ file: [UInt8], _ name: String) -> HintedError {
    if file.starts(with: Array("ATOMECL01".utf8)) {
      return HintedError(
        "\(name) is an ATOMECL01 classifier, not a language model",
        hint:
          "`alambic export \(name) --shape … --out model.atome` makes an image whose first logits are its scores")
    }
    if IntegerImageFile.claims(file) || CompactImageFile.claims(file) {
      return HintedError(
        "\(name) is an integer image already", hint: "give the checkpoint or the float image", status: .usage)
    }
    return HintedError(
      "\(name) is not an .atome image: it does not start with ATOME01 or ATOME02",
      hint: "`alambic inspect \(name)` says what it is")
  }

  private static func shapeIsMissing(_ file: [UInt8], _ packing: AtomePacking, _ name: String) -> HintedError {
    let matching = AtomeShape.presets.filter { packing.bodyByteCount(of: $0.shape) == file.count }
      .map { "--preset \($0.name)" }
    let suggestion = matching.isEmpty ? "--shape \(AtomeShape.atome60K)" : matching.joined(separator: " or ")
    return HintedError(
      "\(name) does not say its shape: it has \(file.count) bytes and no Alambic trailer",
      hint: "if it is a published image, name its shape: \(suggestion)")
  }

  private static func checkLength(
    _ body: [UInt8], _ shape: AtomeShape, _ packing: AtomePacking, _ name: String
  ) throws {
    let needed = packing.bodyByteCount(of: shape)
    guard body.count != needed else { return }
    let state = body.count < needed ? "truncated, or of another shape" : "of another shape, or damaged"
    throw HintedError(
      "\(name) has \(body.count) bytes where the shape \(shape) needs \(needed): it is \(state)",
      hint: "check the shape, or fetch the file again")
  }
}
