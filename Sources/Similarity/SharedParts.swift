import Basics

/// Texts that have a long part in common, letter by letter: by a suffix array of all of them, which needs nine to ten
/// bytes of memory a byte of text.
public struct SharedParts: Sendable {
  /// A text that goes, and the one that stays.
  public struct Match: Hashable, Sendable {
    public let text: Int
    public let other: Int
    /// Of the part, in the text that goes.
    public let place: Range<Int>
  }

  /// The bytes that a part may be asked to have.
  public static let lengths = 16...1_000_000
  /// What the search may take where nobody says otherwise.
  public static let usualMemoryByteCount = 1 << 30
  private static let memoryByteCountPerByte = 10

  private let leastByteCount: Int
  private let numbers: [Int]
  /// Where each text begins, and behind the last one its end.
  private var starts: [Int] = [0]
  /// Of each byte, which others begin with the same `leastByteCount` bytes.
  private var classes: [Int32] = []
  private let classCount: Int

  /// Stands behind each text; curation lets no such character through.
  private static let separator: UInt8 = 1

  /// - Parameters:
  ///   - numbers: which of the texts are compared.
  ///   - leastByteCount: of a part.
  ///   - memoryByteCount: what the search may take.
  /// - Throws: `HintedError` for more text than memory is given to.
  public init(
    _ texts: some NumberedTexts, _ numbers: some Sequence<Int>, leastByteCount: Int,
    memoryByteCount: Int = Self.usualMemoryByteCount
  ) throws {
    self.leastByteCount = leastByteCount
    // A suffix's number has 31 bits.
    let limit = min(memoryByteCount / Self.memoryByteCountPerByte, Int(Int32.max) - 1)
    var (all, compared) = ([UInt8](), [Int]())
    for number in numbers {
      compared.append(number)
      let bytes = try texts.bytes(of: number)
      // The least byte may stand at the end alone.
      all += bytes.contains(0) ? bytes.map { max($0, Self.separator) } : bytes
      guard all.count < limit else {
        throw HintedError(
          "there is more than \(ReadableUnits.bytes(limit)) of text to look for parts in common in",
          hint: "the search needs \(Self.memoryByteCountPerByte) bytes of memory a byte: allow more, curate files one "
            + "by one, or leave it out", status: .usage)
      }
      all.append(Self.separator)
      starts.append(all.count)
    }
    all.append(0)
    self.numbers = compared
    let suffixes = SuffixArray.make(all)
    (classes, classCount) = Self.classes(all, suffixes, leastByteCount)
  }

  /// Neighbours in the suffix array that have a long enough beginning in common are of one class. The common length of
  /// a suffix and the one before it, in the text's order: Kärkkäinen, Manzini and Puglisi, "Permuted
  /// Longest-Common-Prefix Array", CPM 2009. It ends where a text does.
  private static func classes(
    _ text: [UInt8], _ suffixes: [Int32], _ leastByteCount: Int
  ) -> (classes: [Int32], count: Int) {
    var common = [Int32](repeating: -1, count: text.count)
    for (before, suffix) in zip(suffixes, suffixes.dropFirst()) { common[Int(suffix)] = before }
    var length = 0
    for position in text.indices {
      let other = Int(common[position])
      if other < 0 {
        length = 0
      } else {
        while text[position + length] > separator, text[position + length] == text[other + length] { length += 1 }
      }
      common[position] = Int32(length)
      length = max(0, length - 1)
    }
    var count: Int32 = 0
    for suffix in suffixes {
      if common[Int(suffix)] < Int32(leastByteCount) { count += 1 }
      common[Int(suffix)] = count - 1
    }
    return (common, Int(count))
  }

  /// Goes through the texts and lets each stay that shares no part with one that stays already: so no two that stay
  /// share one, and each that goes shares one with another that stays.
  /// - Parameter precedes: whether one number is rather kept than another.
  public func matches(precedes: (Int, Int) -> Bool) -> [Match] {
    var owners = [Int32](repeating: -1, count: classCount)
    let order = numbers.indices.sorted { precedes(numbers[$0], numbers[$1]) }
    var matches: [Match] = []
    for index in order {
      let (start, end) = (starts[index], starts[index + 1] - 1)
      let parts = start..<max(start, end - leastByteCount + 1)
      if let position = parts.first(where: { owners[Int(classes[$0])] >= 0 }) {
        let other = numbers[Int(owners[Int(classes[position])])]
        matches.append(
          Match(
            text: numbers[index], other: other, place: position - start..<position - start + leastByteCount))
      } else {
        for position in parts { owners[Int(classes[position])] = Int32(index) }
      }
    }
    return matches.sorted { $0.text < $1.text }
  }
}
