import Basics
import Intake
import Lineage
import Similarity

/// One block's drafts as a part leaves them: texts with their sketches, refusals, and of what the part met before the
/// hash alone. Specified in docs/formats/parts.md.
struct DraftedBlock: Sendable {
  var file: Int
  var number: Int
  var drafts: DraftBlock
  /// By draft; of texts that the part met for the first time, where near duplicates are looked for.
  var sketches: [Int: TextSketch] = [:]
  /// Drafts whose text the part met before.
  var repeated: Set<Int> = []

  static let headerByteCount = 24

  fileprivate enum Kind: UInt8 {
    case text
    case repeated
    case refused
  }

  // MARK: - Writing

  var encoded: [UInt8] {
    var body = ByteWriter()
    for (index, draft) in drafts.drafts.enumerated() {
      body.write(UInt32(draft.line))
      if let refusal = draft.refusal {
        append(refusal, draft, to: &body)
      } else {
        let isRepeated = repeated.contains(index)
        body.write((isRepeated ? Kind.repeated : .text).rawValue)
        body.write(draft.hash.high)
        body.write(draft.hash.low)
        if !isRepeated { append(draft, sketches[index], to: &body) }
      }
    }
    var writer = ByteWriter()
    for count in [file, number, drafts.lineCount, drafts.drafts.count] { writer.write(UInt32(count)) }
    writer.write(UInt64(body.bytes.count))
    writer.append(body.bytes)
    return writer.bytes
  }

  private func append(_ refusal: Refusal, _ draft: Draft, to body: inout ByteWriter) {
    body.write(Kind.refused.rawValue)
    for bytes in [Array(refusal.reason.rawValue.utf8), Array(refusal.detail.utf8)] {
      body.write(UInt32(bytes.count))
      body.append(bytes)
    }
    body.write(UInt32(draft.text.count))
    body.append(drafts.arena[draft.text])
  }

  private func append(_ draft: Draft, _ sketch: TextSketch?, to body: inout ByteWriter) {
    body.write(UInt8(draft.group == nil ? 0 : 1) | (draft.opening == nil ? 0 : 2) | (sketch == nil ? 0 : 4))
    if let group = draft.group { body.write(group) }
    if let opening = draft.opening {
      body.write(opening.hash)
      body.write(UInt32(opening.place.lowerBound - draft.text.lowerBound))
      body.write(UInt32(opening.place.count))
    }
    body.write(UInt8(draft.repairs.count))
    for repair in draft.repairs { body.write(repair.number) }
    for range in [draft.text, draft.extras] { body.write(UInt32(range.count)) }
    body.append(drafts.arena[draft.text])
    body.append(drafts.arena[draft.extras])
    sketch?.append(to: &body)
  }

}

// MARK: - Reading

extension DraftedBlock {
  /// - Returns: the bytes of the block's body, which follow the header.
  static func bodyByteCount(_ header: inout ByteReader) throws -> Int {
    _ = try header.take(headerByteCount - 8, for: "a block's header")
    let count = try header.read(UInt64.self, "a block's size")
    guard let count = Int(exactly: count) else { throw HintedError("\(header.name): a block has \(count) bytes") }
    return count
  }

  /// - Parameters:
  ///   - reader: a block's header and body.
  ///   - bandCount: numbers of a sketch.
  /// - Throws: `HintedError` where it is not such a block.
  init(_ reader: inout ByteReader, bandCount: Int) throws {
    let counts = try (0..<4).map { _ in Int(try reader.read(UInt32.self, "a block's header")) }
    _ = try reader.read(UInt64.self, "a block's size")
    (file, number) = (counts[0], counts[1])
    drafts = DraftBlock(arena: [], lineCount: counts[2])
    for index in 0..<counts[3] {
      let line = Int(try reader.read(UInt32.self, "a line"))
      switch Kind(rawValue: try reader.readUInt8("a kind of draft")) {
      case .text: try readText(&reader, line, index, bandCount)
      case .repeated:
        drafts.drafts.append(Draft(text: 0..<0, extras: 0..<0, line: line, hash: try Self.hash(&reader)))
        repeated.insert(index)
      case .refused: try readRefusal(&reader, line)
      case nil: throw HintedError("\(reader.name): an unknown kind of draft at byte \(reader.offset - 1)")
      }
    }
    guard reader.remainingCount == 0 else {
      throw HintedError("\(reader.name): \(reader.remainingCount) bytes behind a block's drafts")
    }
  }

  private static func hash(_ reader: inout ByteReader) throws -> TextHash {
    TextHash(high: try reader.read(UInt64.self, "a hash"), low: try reader.read(UInt64.self, "a hash"))
  }

  private mutating func readText(_ reader: inout ByteReader, _ line: Int, _ index: Int, _ bandCount: Int) throws {
    var draft = Draft(text: 0..<0, extras: 0..<0, line: line, hash: try Self.hash(&reader))
    let flags = try reader.readUInt8("a draft's flags")
    if flags & 1 != 0 { draft.group = try reader.read(UInt64.self, "a group") }
    var opening: (hash: UInt64, start: Int, count: Int)?
    if flags & 2 != 0 {
      opening = (
        try reader.read(UInt64.self, "an opening"), Int(try reader.read(UInt32.self, "an opening")),
        Int(try reader.read(UInt32.self, "an opening"))
      )
    }
    for _ in 0..<(try reader.readUInt8("repairs")) {
      let number = try reader.readUInt8("a repair")
      guard let repair = TextRepair(number: number) else {
        throw HintedError("\(reader.name): there is no repair \(number)")
      }
      draft.repairs.append(repair)
    }
    let (textCount, extrasCount) = (
      Int(try reader.read(UInt32.self, "a text's size")), Int(try reader.read(UInt32.self, "its fields' size"))
    )
    draft.text = append(try reader.take(textCount, for: "a text"))
    draft.extras = append(try reader.take(extrasCount, for: "its fields"))
    if let opening {
      guard opening.start <= textCount, opening.count <= textCount - opening.start else {
        throw HintedError("\(reader.name): an opening lies outside of its text")
      }
      let start = draft.text.lowerBound + opening.start
      draft.opening = (opening.hash, start..<start + opening.count)
    }
    if flags & 4 != 0 { sketches[index] = try TextSketch(&reader, bandCount: bandCount) }
    drafts.drafts.append(draft)
  }

  private mutating func readRefusal(_ reader: inout ByteReader, _ line: Int) throws {
    var draft = Draft(text: 0..<0, extras: 0..<0, line: line)
    func text() throws -> String {
      let count = Int(try reader.read(UInt32.self, "a refusal's size"))
      return String(decoding: try reader.take(count, for: "a refusal"), as: UTF8.self)
    }
    let (reason, detail) = (try text(), try text())
    guard let known = RejectionReason(rawValue: reason) else {
      throw HintedError("\(reader.name): there is no reason '\(reason.prefix(40))'")
    }
    draft.refusal = Refusal(known, detail)
    draft.text = append(try reader.take(Int(try reader.read(UInt32.self, "a text's size")), for: "a refused text"))
    drafts.drafts.append(draft)
  }

  private mutating func append(_ bytes: ArraySlice<UInt8>) -> Range<Int> {
    let start = drafts.arena.count
    drafts.arena += bytes
    return start..<drafts.arena.count
  }
}

extension TextRepair {
  /// As part files name it: the position among all.
  fileprivate var number: UInt8 { UInt8(Self.allCases.firstIndex(of: self) ?? 0) }

  fileprivate init?(number: UInt8) {
    guard Int(number) < Self.allCases.count else { return nil }
    self = Self.allCases[Int(number)]
  }
}
