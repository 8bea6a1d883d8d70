import Basics

/// A linear classifier on hashed byte n-grams: docs/formats/ngrams.md.
public struct NgramImage: Hashable, Sendable {
  public struct Label: Hashable, Sendable {
    public var name: String
    /// In 1/4096.
    public var bias: Int32

    public init(name: String, bias: Int32) { (self.name, self.bias) = (name, bias) }
  }

  public static let magic = Array("ATOMECN02".utf8)
  public static let labelCounts = 2...64
  public static let runLengths = 1...8
  public static let featureBits = 6...14
  public static let nameByteCounts = 1...64
  static let scaleLimit: UInt32 = 1 << 20
  public static let biasLimit: Int32 = 1 << 29
  /// What a score of 1 is.
  public static let one = 4096.0
  /// The threshold that refuses no text.
  public static let refusesNone = Int32.min

  public var labels: [Label]
  /// The shortest and the longest run of bytes.
  public var runs: ClosedRange<Int>
  /// The base-2 logarithm of the number of features.
  public var featureBits: Int
  /// What a weight of 1 is, in 1/4096.
  public var scale: UInt32
  /// A text whose best score is below is refused; in 1/4096.
  public var threshold: Int32
  /// By feature, then by label; -8 … 7.
  public var weights: [Int8]
  /// Nil where it does not matter whether a text's pairs of words are new.
  public var pairs: KnownPairs?

  public var featureCount: Int { 1 << featureBits }

  public init(
    labels: [Label], runs: ClosedRange<Int>, featureBits: Int, scale: UInt32, threshold: Int32, weights: [Int8],
    pairs: KnownPairs? = nil
  ) {
    (self.labels, self.runs, self.featureBits) = (labels, runs, featureBits)
    (self.scale, self.threshold, self.weights, self.pairs) = (scale, threshold, weights, pairs)
  }

  /// - Throws: `HintedError` for labels that an image cannot hold.
  public static func check(labels: [String]) throws {
    guard labelCounts ~= labels.count else {
      throw HintedError(
        "there are \(labels.count) labels, where \(labelCounts.lowerBound) to \(labelCounts.upperBound) fit",
        hint: "is it the field of the labels? `--label` names it", status: .usage)
    }
    if let name = labels.first(where: { !(nameByteCounts ~= $0.utf8.count) }) {
      throw HintedError(
        "the label '\(name)' has \(name.utf8.count) bytes; the limit is \(nameByteCounts.upperBound)", status: .usage)
    }
  }

  public var bytes: [UInt8] {
    var file = ByteWriter()
    file.append(Self.magic)
    for number in [labels.count, runs.lowerBound, runs.upperBound, featureBits, pairs?.bits ?? 0] {
      file.write(UInt8(truncatingIfNeeded: number))
    }
    file.write(scale)
    file.write(threshold)
    file.write(pairs?.newness ?? 0)
    for label in labels {
      file.write(label.bias)
      file.write(UInt8(truncatingIfNeeded: label.name.utf8.count))
      file.append(label.name.utf8)
    }
    for pair in stride(from: 0, to: weights.count, by: 2) {
      file.write(UInt8(bitPattern: weights[pair]) & 15 | UInt8(bitPattern: weights[pair + 1]) << 4)
    }
    file.append(pairs?.bytes ?? [])
    file.write(CRC32.checksum(file.bytes))
    return file.bytes
  }

  /// The image as an array for C, which `atome_ngrams_open` takes.
  /// - Parameter name: of the array, a C name.
  public func header(named name: String) -> String {
    let bytes = bytes
    let rows = stride(from: 0, to: bytes.count, by: 16).map { start in
      bytes[start..<min(start + 16, bytes.count)].map { "\($0)," }.joined(separator: " ")
    }
    return """
      /* Written by `alambic classify fit`; docs/formats/ngrams.md. Labels: \(labels.count).
       * To use it, add firmware/ngrams/atome_ngrams.c and include/atome_ngrams.h to your program. */
      #ifndef \(name.uppercased())_H
      #define \(name.uppercased())_H

      static const unsigned char \(name)[\(bytes.count)] = {
          \(rows.joined(separator: "\n    "))
      };

      #endif

      """
  }
}
