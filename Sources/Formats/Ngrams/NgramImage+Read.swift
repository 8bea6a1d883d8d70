import Basics

extension NgramImage {
  /// Whether first bytes are those of such a file.
  public static func claims(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: magic) }

  /// Reads and checks a file.
  /// - Throws: `HintedError` that says what is wrong, and where.
  public init(reading file: [UInt8], name: String) throws {
    guard Self.claims(file) else {
      throw HintedError(
        "\(name) is not an n-gram classifier: it does not start with ATOMECN02",
        hint: file.starts(with: Self.magic.dropLast())
          ? "it is of another version; fit it again" : "`alambic inspect \(name)` says what it is")
    }
    var reader = ByteReader(file, name: name, offset: Self.magic.count)
    func number(_ field: String, _ limits: ClosedRange<Int>) throws -> Int {
      let value = Int(try reader.readUInt8(field))
      guard limits ~= value else { throw Self.outside(name, field, "\(value)", "\(limits)") }
      return value
    }
    let labelCount = try number("count of labels", Self.labelCounts)
    let shortest = try number("shortest run", Self.runLengths)
    let longest = try number("longest run", shortest...Self.runLengths.upperBound)
    featureBits = try number("log2 of the features", Self.featureBits)
    let pairBits = Int(try reader.readUInt8("log2 of the pairs' bits"))
    guard pairBits == 0 || KnownPairs.bitCounts ~= pairBits else {
      throw Self.outside(name, "log2 of the pairs' bits", "\(pairBits)", "0 and \(KnownPairs.bitCounts)")
    }
    scale = try reader.read(UInt32.self, "scale")
    guard 1...Self.scaleLimit ~= scale else {
      throw Self.outside(name, "scale", "\(scale)", "1...\(Self.scaleLimit)")
    }
    threshold = try reader.read(Int32.self, "threshold")
    let newness = try reader.read(UInt32.self, "newness")
    guard newness <= (pairBits == 0 ? 0 : KnownPairs.newnessLimit) else {
      throw Self.outside(name, "newness", "\(newness)", "0...\(pairBits == 0 ? 0 : KnownPairs.newnessLimit)")
    }
    runs = shortest...longest
    labels = try (0..<labelCount).map { try Self.label($0, &reader, name) }
    guard Set(labels.map(\.name)).count == labels.count else {
      throw Self.outside(name, "names of labels", "two are equal", "all different")
    }
    let packed = try reader.take((labelCount << featureBits) / 2, for: "weights")
    weights = packed.flatMap { [Int8(bitPattern: $0 &<< 4) >> 4, Int8(bitPattern: $0) >> 4] }
    pairs =
      pairBits == 0
      ? nil
      : KnownPairs(
        bits: pairBits, newness: newness, bytes: Array(try reader.take(1 << (pairBits - 3), for: "known pairs")))
    let checksum = try reader.read(UInt32.self, "checksum")
    guard reader.remainingCount == 0 else {
      throw HintedError(
        "\(name): \(reader.remainingCount) bytes stand behind the checksum at offset \(reader.offset - 4)",
        hint: "fetch it, or fit it again")
    }
    guard CRC32.checksum(file.dropLast(4)) == checksum else {
      throw HintedError("\(name) is damaged: its checksum differs", hint: "fetch it, or fit it again")
    }
  }

  private static func label(_ index: Int, _ reader: inout ByteReader, _ name: String) throws -> Label {
    let bias = try reader.read(Int32.self, "bias of label \(index)")
    guard -biasLimit...biasLimit ~= bias else {
      throw outside(name, "bias of label \(index)", "\(bias)", "-\(biasLimit)...\(biasLimit)")
    }
    let count = Int(try reader.readUInt8("length of label \(index)"))
    guard nameByteCounts ~= count else {
      throw outside(name, "length of label \(index)", "\(count)", "\(nameByteCounts)")
    }
    let bytes = try reader.take(count, for: "name of label \(index)")
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw outside(name, "name of label \(index)", "not UTF-8", "UTF-8")
    }
    return Label(name: text, bias: bias)
  }

  private static func outside(_ name: String, _ field: String, _ value: String, _ limits: String) -> HintedError {
    HintedError("\(name): the \(field) is outside \(limits): \(value)", hint: "fetch it, or fit it again")
  }
}
