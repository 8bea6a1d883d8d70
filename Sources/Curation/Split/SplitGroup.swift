/// The member `splitGroup` of a document: which others it lies on one side of the split with.
enum SplitGroup {
  static let name = "splitGroup"
  private static let digits = Array("0123456789abcdef".utf8)

  /// `,"splitGroup":"…"`, sixteen digits.
  static func member(_ group: UInt64) -> [UInt8] {
    var member = Array(",\"\(name)\":\"".utf8)
    for shift in stride(from: 60, through: 0, by: -4) { member.append(digits[Int((group >> UInt64(shift)) & 15)]) }
    member.append(UInt8(ascii: "\""))
    return member
  }
}
