import Basics

/// The labels of a classifier in an ATOMEQ02 image. Specified in docs/formats/atome-compact.md.
enum LabelSection {
  static let headByteCount = 8
  /// The margin of a classifier that refuses no text.
  static let refusesNone = Int32.min

  /// The section's bytes, a multiple of 4.
  /// - Parameter logitScale: nats in a logit of 1.
  static func write(_ head: LabelHead, logitScale: Double) -> [UInt8] {
    var writer = ByteWriter()
    for label in head.labels {
      writer.write(label.token)
      writer.write(UInt8(truncatingIfNeeded: label.name.utf8.count))
      writer.append(label.name.utf8)
    }
    writer.append([UInt8](repeating: 0, count: (4 - writer.bytes.count % 4) % 4))
    let entries = writer.bytes
    writer = ByteWriter()
    writer.write(UInt16(truncatingIfNeeded: headByteCount + entries.count))
    writer.write(UInt8(truncatingIfNeeded: head.labels.count))
    writer.write(head.none ?? 0)
    writer.write(margin(head.threshold, logitScale))
    writer.append(entries)
    return writer.bytes
  }

  /// The least whole number of logits that is not below the threshold.
  private static func margin(_ threshold: Double?, _ logitScale: Double) -> Int32 {
    guard let threshold, logitScale > 0 else { return refusesNone }
    let margin = (threshold / logitScale).rounded(.up)
    return Int32(max(Double(refusesNone + 1), min(Double(Int32.max), margin)))
  }

  /// What the section that begins there says of its size; 0 where the file ends before.
  static func byteCount(in file: [UInt8], at start: Int) -> Int {
    file.count >= start + headByteCount ? Int(file[start]) | Int(file[start + 1]) << 8 : 0
  }

  /// - Throws: `HintedError` for what the C reader refuses, too.
  static func read(_ bytes: [UInt8], logitScale: Double, name: String) throws -> LabelHead {
    func damaged(_ what: String) -> HintedError {
      HintedError("\(name) is damaged: \(what)", hint: "export it again")
    }
    guard bytes.count >= headByteCount, bytes.count.isMultiple(of: 4) else {
      throw damaged("its labels take \(bytes.count) bytes")
    }
    var reader = ByteReader(bytes, name: "\(name), labels")
    _ = try reader.read(UInt16.self, "byte count")
    let count = Int(try reader.read(UInt8.self, "count"))
    let none = try reader.read(UInt8.self, "token of no label")
    let margin = try reader.read(Int32.self, "margin")
    guard LabelHead.labelCounts.contains(count) else { throw damaged("it has \(count) labels") }
    var labels: [LabelHead.Label] = []
    for _ in 0..<count {
      let token = try reader.read(UInt8.self, "a label's token")
      let byteCount = Int(try reader.read(UInt8.self, "a label's size"))
      guard byteCount > 0 else { throw damaged("a label has no name") }
      labels.append(
        LabelHead.Label(
          name: String(decoding: try reader.take(byteCount, for: "a label's name"), as: UTF8.self), token: token))
    }
    let head = LabelHead(
      labels: labels, none: none == 0 ? nil : none,
      threshold: margin == refusesNone ? nil : Double(margin) * logitScale)
    guard Set(head.tokens).count == head.tokens.count, !head.tokens.contains(0), !head.tokens.contains(LabelHead.end)
    else { throw damaged("two labels have one token, or one that stands in texts") }
    let rest = try reader.take(reader.remainingCount, for: "fill")
    guard rest.count < 4, rest.allSatisfy({ $0 == 0 }) else { throw damaged("its labels are not filled with zeros") }
    return head
  }
}
