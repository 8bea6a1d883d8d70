/// Folds a text to what near duplicates are told by: letters in lower case and digits; every run of anything else is
/// one blank, and there is none at the ends. A text without letters and digits stays as it is.
struct FoldedText {
  /// Unicode scalars; kept from text to text, so that none allocates.
  private(set) var scalars: [UInt32] = []

  private static let blank = UInt32(UInt8(ascii: " "))
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
    scalars.removeAll(keepingCapacity: true)
    scalars.reserveCapacity(text.count)
    let isASCII = Self.table.withUnsafeBufferPointer { foldASCII(text, $0) }
    if !isASCII { foldUnicode(text) }
    if scalars.last == Self.blank { scalars.removeLast() }
    if scalars.isEmpty { scalars.append(contentsOf: text.lazy.map(UInt32.init)) }
  }

  /// - Returns: whether all was ASCII; otherwise the scalars are those before the first that is not.
  private mutating func foldASCII(_ text: UnsafeBufferPointer<UInt8>, _ table: UnsafeBufferPointer<UInt8>) -> Bool {
    var isBlank = true
    for byte in text {
      guard byte < 128 else { return false }
      let folded = table[Int(byte)]
      if folded != 0 {
        scalars.append(UInt32(folded))
        isBlank = false
      } else if !isBlank {
        scalars.append(Self.blank)
        isBlank = true
      }
    }
    return true
  }

  private mutating func foldUnicode(_ text: UnsafeBufferPointer<UInt8>) {
    scalars.removeAll(keepingCapacity: true)
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
  }
}
