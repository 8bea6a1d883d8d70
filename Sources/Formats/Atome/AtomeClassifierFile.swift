import Basics
import Networks

/// An ATOMECL01 file: a published classifier. Specified in docs/formats/atome.md.
public struct AtomeClassifier: Hashable, Sendable {
  public static let magic = Array("ATOMECL01".utf8)
  public static let classCounts = 1...16

  /// Its unembedding is in the file, and not used.
  public var model: AtomeModel
  /// (classes, d): the class is the row with the largest product with the final layer norm at the last position.
  public var head: TernaryTensor

  public var shape: AtomeShape { model.shape }
  public var classCount: Int { head.rowCount }

  /// - Throws: `HintedError` for a head of another width, or of more classes than the format holds.
  public init(model: AtomeModel, head: TernaryTensor) throws {
    guard Self.classCounts ~= head.rowCount, head.columnCount == model.shape.modelWidth else {
      throw HintedError(
        "a head of \(head.rowCount) classes and \(head.columnCount) columns does not fit \(model.shape): "
          + "ATOMECL01 holds \(Self.classCounts.lowerBound) to \(Self.classCounts.upperBound) classes", status: .usage)
    }
    (self.model, self.head) = (model, head)
  }

  /// A student that answers with a label is this classifier, where each label begins with another byte: the head has
  /// the rows of these bytes.
  /// - Throws: `HintedError` for labels that two of which begin alike, that are empty, or too many.
  public init(_ model: AtomeModel, answering labels: [String]) throws {
    let first = labels.compactMap(\.utf8.first)
    guard first.count == labels.count, Set(first).count == first.count else {
      throw HintedError(
        "two of the labels \(labels.joined(separator: ", ")) begin with the same byte, which is all that a class has",
        hint: "train with labels that begin differently: 1, 2, 3", status: .usage)
    }
    let rows = model.unembedding
    let width = rows.columnCount
    try self.init(
      model: model,
      head: TernaryTensor(
        rowCount: first.count, columnCount: width, scale: rows.scale,
        trits: first.flatMap { rows.trits[Int($0) * width..<(Int($0) + 1) * width] }))
  }

  public static func claims(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: magic) }

  /// The same classes as a language model: the logits of bytes 0, 1, … are the classes' scores, bit for bit, and all
  /// other logits are 0. So every engine computes them.
  public var asLanguageModel: AtomeModel {
    var model = model
    let rest = (AtomeShape.vocabularySize - head.rowCount) * head.columnCount
    model.unembedding = TernaryTensor(
      rowCount: AtomeShape.vocabularySize, columnCount: head.columnCount, scale: head.scale,
      trits: head.trits + Array(repeating: 0, count: rest))
    return model
  }

  public var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.append(Self.magic)
    writer.write(Int32(truncatingIfNeeded: classCount))
    AtomeBody.write(model, head: head, to: &writer)
    return writer.bytes
  }

  /// Reads and checks a file, which does not say its shape.
  /// - Throws: `HintedError` that says what is wrong, and where.
  public init(reading file: [UInt8], name: String, shape: AtomeShape?) throws {
    guard Self.claims(file) else {
      throw HintedError("\(name) does not start with ATOMECL01", hint: "`alambic inspect \(name)` says what it is")
    }
    var reader = ByteReader(file, name: name, offset: Self.magic.count)
    let count = Int(try reader.read(Int32.self, "count of classes"))
    guard Self.classCounts ~= count else {
      throw HintedError(
        "\(name): the count of classes at offset \(Self.magic.count) is \(count), outside "
          + "\(Self.classCounts.lowerBound)…\(Self.classCounts.upperBound)", hint: "the file is damaged")
    }
    guard let shape else {
      throw HintedError(
        "\(name) does not say its shape: it is an ATOMECL01 classifier of \(count) classes in \(file.count) bytes",
        hint: "name it: --shape d_model=32,n_layers=2,d_head=8,top_k=4,kernel=5", status: .usage)
    }
    try shape.validate()
    let needed =
      reader.offset + AtomePacking.atome01.bodyByteCount(of: shape) - AtomePacking.atome01.magic.count + 4
      + (count * shape.modelWidth + 3) / 4
    guard file.count == needed else {
      throw HintedError(
        "\(name) has \(file.count) bytes where \(count) classes and the shape \(shape) need \(needed): it is "
          + (file.count < needed ? "truncated, or of another shape" : "of another shape, or damaged"),
        hint: "check the shape, or fetch the file again")
    }
    let found = try AtomeBody.readClassifier(
      file, name: name, shape: shape, classCount: count, start: reader.offset)
    try self.init(model: found.model, head: found.head)
  }
}
