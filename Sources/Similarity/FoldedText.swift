/// Folds a text to what near duplicates are told by: letters in lower case and digits; every run of anything else is
/// one blank, and there is none at the ends. A text without letters and digits stays as it is.
struct FoldedText {
  /// Room for scalars, which stays from text to text, so that few allocate.
  private var room: [UInt32] = []
  private var count = 0
  /// Whether the text that was folded last has neither letters nor digits, and so stayed as it is.
  private(set) var isBare = false

  static let blank = UInt32(UInt8(ascii: " "))
  /// Of ASCII; 0 for what becomes a blank.
  private static let table: [UInt8] = (0..<128).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(byte)
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(byte) | 0x20
    default: 0
    }
  }

  /// - Parameter text: valid UTF-8.
  mutating func fold(_ text: UnsafeBufferPointer<UInt8>) {
    if room.count < text.count { room = [UInt32](repeating: 0, count: max(text.count, 2 * room.count)) }
    let isASCII = Self.table.withUnsafeBufferPointer { foldASCII(text, $0) }
    if !isASCII { foldUnicode(text) }
    if count > 0, room[count - 1] == Self.blank { count -= 1 }
    isBare = count == 0
    guard isBare else { return }
    for byte in text {
      room[count] = UInt32(byte)
      count += 1
    }
  }

  /// The Unicode scalars of the text that was folded last.
  func withScalars<Result>(_ body: (UnsafeBufferPointer<UInt32>) -> Result) -> Result {
    room.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[..<count])) }
  }

  /// Every byte is written down, and counted where it stays: which it is cannot be foreseen.
  /// - Returns: whether all was ASCII; otherwise nothing was folded.
  private mutating func foldASCII(_ text: UnsafeBufferPointer<UInt8>, _ table: UnsafeBufferPointer<UInt8>) -> Bool {
    var (all, length, wasBlank) = (UInt8(0), 0, true)
    room.withUnsafeMutableBufferPointer { room in
      for byte in text {
        all |= byte
        let folded = table[Int(byte & 127)]
        let isBlank = folded == 0
        room[length] = isBlank ? Self.blank : UInt32(folded)
        length += isBlank && wasBlank ? 0 : 1
        wasBlank = isBlank
      }
    }
    count = all < 128 ? length : 0
    return all < 128
  }

  /// The letters and digits alone, as bytes; which of them stays cannot be foreseen here either.
  /// - Parameter room: made large enough; it holds them at its beginning.
  /// - Returns: how many; nil where not all is ASCII.
  static func foldASCII(_ text: UnsafeBufferPointer<UInt8>, withoutBlanksInto room: inout [UInt8]) -> Int? {
    if room.count < text.count { room = [UInt8](repeating: 0, count: max(text.count, 2 * room.count)) }
    return table.withUnsafeBufferPointer { table in
      room.withUnsafeMutableBufferPointer { room in
        var (all, count) = (UInt8(0), 0)
        for byte in text {
          all |= byte
          let folded = table[Int(byte & 127)]
          room[count] = folded
          count += folded == 0 ? 0 : 1
        }
        return all < 128 ? count : nil
      }
    }
  }

  private mutating func foldUnicode(_ text: UnsafeBufferPointer<UInt8>) {
    var scalars: [UInt32] = []
    var isBlank = true
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
        scalars.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars.lazy.map(\.value))
        isBlank = false
      } else if !isBlank {
        scalars.append(Self.blank)
        isBlank = true
      }
    }
    // A letter in lower case may be two.
    if room.count < scalars.count { room = scalars }
    count = scalars.count
    for (position, scalar) in scalars.enumerated() { room[position] = scalar }
  }
}
