extension UInt8 {
  package var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  package var isLowercaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
  package var isLetterOrDigit: Bool { isDigit || lowercased.isLowercaseLetter }

  /// An ASCII capital as its small letter, any other byte as it is.
  package var lowercased: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self + 32 : self }
  /// An ASCII small letter as its capital, any other byte as it is.
  package var uppercased: UInt8 { isLowercaseLetter ? self - 32 : self }
}
