import Basics
import Formats
import Foundation
import Intake
import TestSupport
import Testing

@Suite("Texts as editors save them")
struct EditorsTests {
  @Test("a byte order mark does not count, and every line end is a line feed")
  func reading() throws {
    let bytes = [0xEF, 0xBB, 0xBF] + Array("a\r\nb\rc\n\r\n\r\rd\u{FEFF}".utf8)
    let text = try TextFile.text(of: bytes, byteLimit: 100, name: "a.txt")
    #expect(text.unicodeScalars.elementsEqual("a\nb\nc\n\n\n\nd\u{FEFF}".unicodeScalars))
    #expect(try TextFile.text(of: [0xEF, 0xBB, 0xBF], byteLimit: 3, name: "a.txt").isEmpty)
  }

  @Test(
    "what no text can be made of is refused with its line",
    arguments: [
      (Array("a\r\nb\r".utf8) + [0xFF], "a.txt, line 3, is not valid UTF-8"),
      (Array("a\r\n\0".utf8), "a.txt, line 2, holds a control character"),
      ([0xEF, 0xBB], "a.txt, line 1, is not valid UTF-8"), (Array("123456789".utf8), "a.txt has 9 B, more than 8 B"),
    ])
  func refused(bytes: [UInt8], said: String) {
    let error = #expect(throws: HintedError.self) { try TextFile.text(of: bytes, byteLimit: 8, name: "a.txt") }
    #expect(error?.message.hasPrefix(said) == true, "\(error?.message ?? "")")
  }

  @Test("a recipe and its lists are the same, whichever editor saved them", arguments: ["\n", "\r\n", "\r"])
  func recipes(lineEnd: String) throws {
    try withFolder { folder in
      let recipe = String(
        decoding: try AtomicFile.read("\(PackageRoot.path)/Corpora/thermostat/recipe.yaml"), as: UTF8.self)
      let lists = try FileManager.default.contentsOfDirectory(atPath: "\(PackageRoot.path)/Corpora/thermostat/words")
      func saved(_ text: String) -> [UInt8] { [0xEF, 0xBB, 0xBF] + Array(text.replacing("\n", with: lineEnd).utf8) }
      try AtomicFile.write(saved(recipe), to: "\(folder)/thermostat/recipe.yaml")
      for name in lists {
        let words = try AtomicFile.read("\(PackageRoot.path)/Corpora/thermostat/words/\(name)")
        try AtomicFile.write(saved(String(decoding: words, as: UTF8.self)), to: "\(folder)/thermostat/words/\(name)")
      }
      let (plain, other) = (
        try RecipeFile.read("\(PackageRoot.path)/Corpora/thermostat/recipe.yaml"),
        try RecipeFile.read("\(folder)/thermostat/recipe.yaml")
      )
      #expect(plain.recipe == other.recipe)
      #expect(plain.lists.mapValues(\.texts) == other.lists.mapValues(\.texts))
    }
  }
}
