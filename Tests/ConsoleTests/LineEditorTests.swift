import Console
import Testing

@Suite("Line editor")
struct LineEditorTests {
  /// What a terminal sends, and the editor after it.
  private func editor(_ typed: String, _ history: [String] = []) -> LineEditor {
    var editor = LineEditor(history: LineHistory(history))
    _ = Self.events(typed, &editor)
    return editor
  }

  private static func events(_ typed: String, _ editor: inout LineEditor) -> [LineEditor.Event] {
    var decoder = KeyDecoder()
    return typed.utf8.compactMap { byte in decoder.take(byte).map { editor.take($0) } }
  }

  @Test(
    "keys edit the line",
    arguments: [
      ("hello", "hello"), ("helo\u{1B}[Dl", "hello"), ("ello\u{01}h", "hello"), ("ello\u{1B}[Hh\u{1B}[F!", "hello!"),
      ("hello\u{7F}\u{7F}y", "hely"), ("hello\u{01}\u{04}\u{1B}[3~", "llo"), ("one two\u{01}\u{0B}", ""),
      ("one two\u{15}x", "x"), ("one two \u{17}x", "one x"), ("one two\u{17}\u{01}\u{19}", "twoone "),
      ("one two\u{1B}b_\u{1B}[1;5D\u{1B}[1;5D-", "-one _two"), ("né€𝄞\u{7F}\u{7F}", "né"), ("e\u{301}\u{7F}x", "x"),
      ("ab\u{1B}[99~\u{1B}[Zc\u{1B}qd", "abcd"), ("ab\u{06}\u{02}\u{02}c\u{05}d", "cabd"),
    ])
  func edits(typed: String, line: String) { #expect(editor(typed).line == line) }

  @Test("bytes that are no UTF-8, and characters that are cut short, are swallowed")
  func broken() {
    var (decoder, editor) = (KeyDecoder(), LineEditor())
    for byte: UInt8 in [0xFF, 0x61, 0xC3, 0x62, 0xE2, 0x82, 0x63, 0x80, 0xC2, 0x85, 0xC3, 0xA9] {
      if let key = decoder.take(byte) { _ = editor.take(key) }
    }
    #expect(editor.line == "abcé" && !decoder.isInside)
  }

  @Test("events: entered, interrupted, ended")
  func events() {
    var editor = LineEditor()
    #expect(Self.events("hi\r", &editor).last == .entered("hi"))
    #expect(editor.line.isEmpty)
    #expect(Self.events("x\u{03}", &editor).last == .interrupted)
    #expect(editor.line.isEmpty)
    #expect(Self.events("x\u{04}", &editor).last == .ignored, "Ctrl-D leaves only from an empty line")
    #expect(Self.events("\u{7F}\u{04}", &editor).last == .ended)
    #expect(Self.events("\u{0C}", &editor) == [.clearScreen])
  }

  @Test("history goes up, down, and back to what was being written")
  func history() {
    let (up, down) = ("\u{1B}[A", "\u{1B}[B")
    #expect(editor("dra\(up)", ["one", "two"]).line == "two")
    #expect(editor("dra\(up)\(up)\(up)", ["one", "two"]).line == "one")
    #expect(editor("dra\(up)\(up)\(down)\(down)ft", ["one", "two"]).line == "draft")
    #expect(editor("x\r\r x\r x\rx\r").history.lines == ["x", " x", "x"], "no empty line, none twice in a row")
    let long = LineHistory((0..<2000).map(String.init))
    #expect(long.lines.count == LineHistory.limit && long.lines.last == "1999")
  }

  @Test("a row shows the part of the line around the cursor")
  func view() {
    let view = LineView(prompt: "> ", columnCount: 10)
    #expect(view.drawing(editor("abc\u{1B}[D")) == "\r\u{1B}[K> abc\r\u{1B}[4C")
    #expect(view.drawing(editor("0123456789")) == "\r\u{1B}[K> 3456789\r\u{1B}[9C")
    #expect(view.drawing(editor("0123456789\u{01}")) == "\r\u{1B}[K> 0123456\r\u{1B}[2C")
    #expect(view.drawing(editor("日本")) == "\r\u{1B}[K> 日本\r\u{1B}[6C")
  }
}

@Suite("Printable text")
struct PrintableTextTests {
  @Test("characters come whole, however their bytes are cut")
  func whole() {
    let text = "né€𝄞\n\tz"
    for size in 1...5 {
      var (printable, shown) = (PrintableText(), "")
      let bytes = Array(text.utf8)
      for start in stride(from: 0, to: bytes.count, by: size) {
        shown += printable.take(bytes[start..<min(start + size, bytes.count)])
      }
      #expect(shown + printable.end() == text)
    }
  }

  @Test("nothing that a model says moves the cursor")
  func safe() {
    var printable = PrintableText()
    #expect(printable.take([0x1B, 0x5B, 0x32, 0x4A, 0x00, 0x7F, 0x0D, 0xC2, 0x9B]) == "␛[2J␀␡␍\u{FFFD}")
    #expect(printable.take([0xFF, 0x61, 0xE2]) == "\u{FFFD}a")
    #expect(printable.end() == "\u{FFFD}")
    for seed in 0..<200 {
      let bytes = (0..<64).map { UInt8(truncatingIfNeeded: seed &* 31 &+ $0 &* $0 &* 7 &+ seed) }
      var printable = PrintableText()
      let shown = printable.take(bytes) + printable.end()
      #expect(
        shown.unicodeScalars.allSatisfy {
          $0.value >= 0xA0 || (0x20..<0x7F).contains($0.value) || $0 == "\n" || $0 == "\t"
        })
    }
  }
}

@Suite("Entropy bars")
struct EntropyBarsTests {
  @Test("eight steps from nothing to all")
  func blocks() {
    let blocks = [-1, 0, 0.124, 0.126, 0.5, 0.874, 0.876, 1, 2].map { EntropyBars.block($0) }
    #expect(String(blocks) == "▁▁▁▂▅▇███")
  }

  @Test("a column a byte, a row a layer, in colour only where that is welcome")
  func map() {
    let entropies = [[0.0, 1], [0.5, 0.9], [0.2, 0.1]]
    let plain = Terminal(showsColour: false, rewritesLines: false)
    let map = EntropyBars.map([0x61, 0x0A, 0x62], entropies, on: plain)
    #expect(map == "         a·b\nlayer 1  ▁▅▂\nlayer 2  ██▁")
    let coloured = EntropyBars.map([0x61], [[1]], on: Terminal(showsColour: true, rewritesLines: true))
    #expect(coloured.contains("\u{1B}[31m█\u{1B}[0m"))
  }

  @Test("a long answer goes on below")
  func rows() {
    let terminal = Terminal(showsColour: false, rewritesLines: false, columnCount: 20)
    let map = EntropyBars.map(
      [UInt8](repeating: 0x78, count: 25), [[Double]](repeating: [0.5], count: 25), on: terminal)
    let lines = map.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 8 && lines.allSatisfy { $0.count < 20 } && map.count { $0 == "▅" } == 25)
  }
}
