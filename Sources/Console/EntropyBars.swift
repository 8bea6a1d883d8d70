/// Entropy by layer as block characters.
public enum EntropyBars {
  private static let blocks = Array("▁▂▃▄▅▆▇█")

  /// ▁ for 0 to █ for 1, in eight equal steps.
  public static func block(_ entropy: Double) -> Character {
    blocks[min(max(Int(entropy * Double(blocks.count)), 0), blocks.count - 1)]
  }

  /// A map of an answer: its bytes in a row, and below each a bar for every layer; the rows go on below where the
  /// terminal ends.
  /// - Parameters:
  ///   - bytes: of the answer.
  ///   - entropies: by byte, by layer, 0…1.
  public static func map(_ bytes: [UInt8], _ entropies: [[Double]], on terminal: Terminal) -> String {
    let rowLength = max(8, terminal.columnCount - labelWidth - 1)
    let shown = Array(zip(bytes, entropies))
    return stride(from: 0, to: shown.count, by: rowLength).map { start in
      let row = shown[start..<min(start + rowLength, shown.count)]
      let text = label("") + String(row.map { letter($0.0) })
      let layers = (row.first?.1.indices ?? 0..<0).map { layer in
        label("layer \(layer + 1)") + bars(row.map { $0.1[layer] }, on: terminal)
      }
      return ([text] + layers).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// Sure ones green, undecided ones red, in runs of one colour.
  private static func bars(_ entropies: [Double], on terminal: Terminal) -> String {
    var (text, run, style) = ("", "", Style.accent)
    for entropy in entropies {
      let next = entropy < 1.0 / 3 ? Style.good : entropy > 2.0 / 3 ? Style.bad : Style.accent
      if next != style, !run.isEmpty { (text, run) = (text + style(run, on: terminal), "") }
      style = next
      run.append(block(entropy))
    }
    return text + (run.isEmpty ? "" : style(run, on: terminal))
  }

  private static let labelWidth = 9

  private static func label(_ text: String) -> String {
    text + String(repeating: " ", count: max(0, labelWidth - text.count))
  }

  /// A byte in one column: a middle dot where it is no printable ASCII.
  private static func letter(_ byte: UInt8) -> Character {
    (0x20..<0x7F).contains(byte) ? Character(Unicode.Scalar(byte)) : "·"
  }
}
