import Basics
import Networks

extension IntegerImageFile {
  /// Reads and checks a file.
  /// - Parameters:
  ///   - file: its bytes.
  ///   - name: for messages: the file's path.
  /// - Throws: `HintedError` that says what is wrong, where, and what to do.
  public static func read(_ file: [UInt8], name: String) throws -> IntegerImageContents {
    guard claims(file) else { throw HintedError("\(name) does not start with ATOMEQ01") }
    var reader = IntegerImageReader(ByteReader(file, name: name, offset: magic.count))
    let header = try reader.header()
    let byteCount = header.shape.integerImageByteCount + header.vocabularyByteCount
    guard file.count == byteCount, header.byteCount == byteCount else {
      throw HintedError(
        "\(name) has \(file.count) bytes where the shape \(header.shape) needs \(byteCount): "
          + "it is truncated or damaged",
        hint: "export it again")
    }
    guard CRC32.checksum(file.dropLast(4)) == checksum(of: file) else {
      throw HintedError("\(name) is damaged: its checksum does not match", hint: "export it again")
    }
    let section = Array(file.dropLast(4).suffix(header.vocabularyByteCount))
    return IntegerImageContents(
      model: try reader.model(header), provenance: header.provenance,
      vocabulary: try VocabularyFile.read(section, name: name), trainedContext: header.trainedContext)
  }

  private static func checksum(of file: [UInt8]) -> UInt32 {
    file.suffix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}

extension AtomeShape {
  /// The size of an ATOMEQ01 image.
  public var integerImageByteCount: Int {
    func words(_ count: Int) -> Int { (count + 3) / 4 * 4 }
    let d = modelWidth
    let groups = TernaryCodes.groupCount(d)
    func product(_ rows: Int) -> Int { (rows + 7) / 8 * 8 * groups }
    let numbers = words(2 * d) + 4 * d
    let perLayer =
      84 + numbers + words(6 * d) + words(d * kernelSize) + product(2 * headWidth + d + 3)
    return IntegerImageFile.headerByteCount + Self.vocabularySize * groups + layerCount * perLayer + 12 + numbers
      + product(Self.vocabularySize) + 4
  }
}

private struct IntegerHeader {
  var byteCount: Int
  var shape: AtomeShape
  var cache: CacheWidth
  var vocabularyByteCount: Int
  var trainedContext: Int?
  var provenance: ContentID?
  var embeddingMagnitude: Int32
  var logitScale: Float
  var logitRate: LogitRate
}

/// Reads the parts of an image and names the one that is wrong.
private struct IntegerImageReader {
  private var bytes: ByteReader

  init(_ bytes: ByteReader) { self.bytes = bytes }

  mutating func header() throws -> IntegerHeader {
    let version = try bytes.read(UInt16.self, "version")
    guard version == IntegerImageFile.version else {
      throw HintedError(
        "\(bytes.name) has version \(version), this program reads \(IntegerImageFile.version)",
        hint: "use the version of Alambic that wrote it")
    }
    let flags = try bytes.read(UInt16.self, "flags")
    guard flags <= IntegerImageFile.narrowCacheFlag | IntegerImageFile.vocabularyFlag else {
      throw damaged("the flags are \(flags)")
    }
    let byteCount = Int(try bytes.read(UInt32.self, "byte count"))
    let dimensions = try (0..<6).map { _ in Int(try bytes.read(UInt16.self, "shape")) }
    guard dimensions[5] == AtomeShape.vocabularySize else { throw damaged("the vocabulary is \(dimensions[5])") }
    let vocabularyByteCount = Int(try bytes.read(UInt16.self, "size of the vocabulary"))
    let trainedContext = Int(try bytes.read(UInt16.self, "trained context"))
    guard (vocabularyByteCount > 0) == (flags & IntegerImageFile.vocabularyFlag != 0) else {
      throw damaged("the flags contradict the size of the vocabulary")
    }
    let origin = try bytes.take(32, for: "provenance")
    let magnitude = try bounded(Int32.self, -0x7F_FFFF...0x7F_FFFF, "embedding magnitude")
    let scale = try bytes.readFloat("logit scale")
    guard scale.isFinite, scale >= 0 else { throw damaged("the logit scale is \(scale)") }
    let header = IntegerHeader(
      byteCount: byteCount, shape: try AtomeShape(dimensions: Array(dimensions.prefix(5))),
      cache: flags & IntegerImageFile.narrowCacheFlag != 0 ? .int8 : .int16,
      vocabularyByteCount: vocabularyByteCount, trainedContext: trainedContext == 0 ? nil : trainedContext,
      provenance: origin.allSatisfy { $0 == 0 } ? nil : ContentID(digest: origin), embeddingMagnitude: magnitude,
      logitScale: scale,
      logitRate: LogitRate(
        multiplier: try bounded(UInt32.self, 0...65535, "logit rate's multiplier"),
        shift: try bounded(UInt32.self, 8...31, "logit rate's shift")))
    _ = try bytes.take(IntegerImageFile.headerByteCount - bytes.offset, for: "header")
    return header
  }

  mutating func model(_ header: IntegerHeader) throws -> IntegerModel {
    let d = header.shape.modelWidth
    let embedding = try rows(AtomeShape.vocabularySize, d, "embedding")
    let layers = try (0..<header.shape.layerCount).map { try layer($0, header) }
    let head = try normHead("final norm")
    let finalNorm = try norm(head, d, "final norm")
    return IntegerModel(
      shape: header.shape, cache: header.cache, embeddingMagnitude: header.embeddingMagnitude, embedding: embedding,
      layers: layers, finalNorm: finalNorm, unembedding: try product(AtomeShape.vocabularySize, d, "unembedding"),
      logitScale: header.logitScale, logitRate: header.logitRate)
  }

  private mutating func layer(_ index: Int, _ header: IntegerHeader) throws -> IntegerLayer {
    let place = "layer \(index)"
    let (d, shape) = (header.shape.modelWidth, header.shape)
    let head = try normHead(place)
    let query = try requantisation(d, "\(place) query")
    let key = try requantisation(d, "\(place) key")
    let value = try requantisation(d, "\(place) value")
    let routerRate = try rate("\(place) router rate")
    let scoreRate = try rate("\(place) score rate")
    let localGain = try bounded(Int32.self, 0...32767, "\(place) local gain")
    let valueGain = try bounded(Int32.self, 0...32767, "\(place) value gain")
    let valueShift = try bounded(Int32.self, 0...30, "\(place) value shift")
    guard (valueGain << 15) >> valueShift <= 1 << (30 - header.cache.valueBitCount) else {
      throw damaged("\(place) value gain is too large")
    }
    let mixShift = try bounded(Int32.self, 0...20, "\(place) mix shift")
    let norm = try norm(head, d, place)
    let numbers = try words(3 * d, "\(place) state").map { Int16(bitPattern: $0) }
    let convolution = try trits(d * shape.kernelSize, "\(place) convolution")
    return IntegerLayer(
      norm: norm, convolution: convolution,
      projection: try product(2 * shape.headWidth + d + 3, d, "\(place) projection"), query: query, key: key,
      value: value, routerRate: routerRate, scoreRate: scoreRate, localGain: localGain, valueGain: valueGain,
      valueShift: valueShift, mixShift: mixShift, decay: stride(from: 0, to: 3 * d, by: 3).map { numbers[$0] },
      inputGain: stride(from: 1, to: 3 * d, by: 3).map { numbers[$0] },
      outputGain: stride(from: 2, to: 3 * d, by: 3).map { numbers[$0] })
  }
}

// MARK: - Parts

extension IntegerImageReader {
  private func damaged(_ what: String) -> HintedError {
    HintedError("\(bytes.name) is damaged: \(what)", hint: "export it again")
  }

  private mutating func bounded<Value: PlainInteger>(
    _ type: Value.Type, _ range: ClosedRange<Value>, _ field: String
  ) throws -> Value {
    let value = try bytes.read(type, field)
    guard range.contains(value) else {
      throw damaged("\(field) is \(value), outside \(range.lowerBound)…\(range.upperBound)")
    }
    return value
  }

  private mutating func requantisation(_ width: Int, _ field: String) throws -> Requantisation {
    Requantisation(
      multiplier: try bounded(Int32.self, 0...Int32((1 << 23) / width), "\(field) multiplier"),
      shift: try bounded(Int32.self, 0...30, "\(field) shift"))
  }

  private mutating func rate(_ field: String) throws -> OctaveRate {
    let limit = try bytes.read(UInt32.self, field)
    let preShift = try bounded(UInt32.self, 0...31, "\(field)'s first shift")
    guard limit >> preShift < 1 << 16 else { throw damaged("\(field) has the limit \(limit)") }
    return OctaveRate(
      limit: limit, preShift: preShift, multiplier: try bounded(UInt32.self, 0...65535, "\(field)'s multiplier"),
      shift: try bounded(UInt32.self, 0...31, "\(field)'s shift"))
  }

  private mutating func normHead(_ field: String) throws -> (inputShift: Int32, epsilon: UInt32, outputShift: Int32) {
    (
      try bounded(Int32.self, 0...16, "\(field) input shift"),
      try bounded(UInt32.self, 1...UInt32.max, "\(field) epsilon"),
      try bounded(Int32.self, 0...31, "\(field) output shift")
    )
  }

  private mutating func norm(
    _ head: (inputShift: Int32, epsilon: UInt32, outputShift: Int32), _ width: Int, _ field: String
  ) throws -> IntegerNorm {
    let gain = try words(width, "\(field) gain").map { Int16(bitPattern: $0) }
    guard gain.allSatisfy({ (-8192...8192).contains($0) }) else { throw damaged("\(field) has a gain beyond 8192") }
    let bias = try (0..<width).map { _ in try bounded(Int32.self, -(1 << 29)...1 << 29, "\(field) bias") }
    return IntegerNorm(
      inputShift: head.inputShift, epsilon: head.epsilon, outputShift: head.outputShift, gain: gain, bias: bias)
  }

  /// 16-bit numbers, and what fills the last 32-bit word.
  private mutating func words(_ count: Int, _ field: String) throws -> [UInt16] {
    let values = try (0..<count).map { _ in try bytes.read(UInt16.self, field) }
    if count % 2 != 0 { _ = try bytes.read(UInt16.self, field) }
    return values
  }

  private mutating func trits(_ count: Int, _ field: String) throws -> [Int8] {
    let raw = try bytes.take((count + 3) / 4 * 4, for: field).prefix(count).map { Int8(bitPattern: $0) }
    guard raw.allSatisfy({ (-1...1).contains($0) }) else { throw damaged("\(field) holds a number that is not a trit") }
    return raw
  }

  private mutating func rows(_ rowCount: Int, _ columnCount: Int, _ field: String) throws -> [Int8] {
    let groups = TernaryCodes.groupCount(columnCount)
    let codes = Array(try bytes.take(rowCount * groups, for: field))
    return try stride(from: 0, to: codes.count, by: groups).flatMap { start in
      try row(codes[start..<start + groups], columnCount, field)
    }
  }

  private mutating func product(_ rowCount: Int, _ columnCount: Int, _ field: String) throws -> [Int8] {
    let groups = TernaryCodes.groupCount(columnCount)
    let size = TernaryCodes.blockSize
    let codes = Array(try bytes.take((rowCount + size - 1) / size * size * groups, for: field))
    return try (0..<rowCount).flatMap { index in
      let first = index / size * size * groups + index % size
      return try row((0..<groups).map { codes[first + $0 * size] }[...], columnCount, field)
    }
  }

  private func row(_ codes: ArraySlice<UInt8>, _ columnCount: Int, _ field: String) throws -> ArraySlice<Int8> {
    try codes.flatMap { code in
      guard let trits = TernaryCodes.trits(of: code) else {
        throw damaged("\(field) holds \(code), which is not a code of five trits")
      }
      return trits
    }.prefix(columnCount)
  }
}
