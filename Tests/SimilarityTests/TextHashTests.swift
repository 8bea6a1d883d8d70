import Similarity
import Testing

/// Known answers of the Python package mmh3 5.
@Test(
  "the text hash is MurmurHash3_x64_128, for every length of its tail",
  arguments: [
    ("", "00000000000000000000000000000000"),
    ("hello", "cbd8a7b341bd9b025b1e906a48ae1d19"),
    ("hello, world", "342fac623a5ebc8e4cdcbc079642414d"),
    ("The quick brown fox jumps over the lazy dog", "e34bbc7bbc071b6c7a433ca9c49a9347"),
    ("0123456789abcdef", "4be06d94cf4ad1a787c35b5c63a708da"),
    ("0123456789abcdefg0123456789abcdefg0123456789abcdefg", "90e477a6a5334f61eb9ece96a9ba9c02"),
  ])
func knownHash(text: String, digits: String) {
  let hash = TextHash(of: text)
  func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
  #expect(hexadecimal(hash.high) + hexadecimal(hash.low) == digits)
}
