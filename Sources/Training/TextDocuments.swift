import Basics
import Lineage
import Similarity

/// A text that is a pile of documents, cut so that none of them lies on both sides.
///
/// Documents end at NUL; where there is none, at `<|endoftext|>`; where there is none, at an empty line; or at each
/// line end, where that is asked for. They are
/// ordered by the SHA-256 of what they say, white space at their ends aside, and held out from the first on until a
/// tenth of the bytes is reached. Those that differ in case, blanks and punctuation alone are on one side, and what is
/// held out depends neither on the documents' order nor on a seed.
public struct TextDocuments: Hashable, Sendable {
  public enum Separator: String, Hashable, Codable, Sendable, CaseIterable {
    case nul = "NUL"
    case endOfText = "<|endoftext|>"
    case blankLine = "blank lines"
    /// Never found by itself: most texts have lines that hang together.
    case line = "line ends"

    private static let mark = Array(Separator.endOfText.rawValue.utf8)

    /// The bytes of a separator that begins there; nil where none does.
    fileprivate func length(in text: [UInt8], at position: Int) -> Int? {
      switch self {
      case .nul: return text[position] == Document.separatorByte ? 1 : nil
      case .endOfText:
        guard text[position] == Self.mark[0], text[position...].starts(with: Self.mark) else { return nil }
        return Self.mark.count
      case .blankLine:
        guard text[position] == 0x0A else { return nil }
        let rest = text[(position + 1)...].prefix(2)
        return rest.first == 0x0A ? 2 : rest.elementsEqual([0x0D, 0x0A]) ? 3 : nil
      case .line: return text[position] == 0x0A ? 1 : nil
      }
    }
  }

  public let separator: Separator
  public let documentCount: Int
  public let heldOutDocumentCount: Int
  /// With what ends each document, in the text's order.
  public let train: [UInt8]
  public let heldOut: [UInt8]

  /// Fewer are no pile: a tenth of them says little.
  public static let leastDocumentCount = 20

  /// - Parameter separators: tried in this order.
  /// - Returns: nil where the text has too few documents, or one side would have none.
  public init?(
    _ text: [UInt8], separators: [Separator] = [.nul, .endOfText, .blankLine], heldOutFraction: Double = 0.1
  ) {
    for separator in separators {
      let documents = Self.documents(of: text, separator)
      guard documents.count >= Self.leastDocumentCount else { continue }
      self.init(text, documents, separator, heldOutFraction)
      return
    }
    return nil
  }

  private init?(_ text: [UInt8], _ documents: [Range<Int>], _ separator: Separator, _ heldOutFraction: Double) {
    let ids = Self.sideIDs(of: documents.map { Self.trimmed(text[$0], separator) })
    let order = documents.indices.sorted { (ids[$0], $0) < (ids[$1], $1) }
    var (isHeldOut, byteCount) = ([Bool](repeating: false, count: documents.count), 0)
    let wanted = Double(text.count) * heldOutFraction
    for (position, number) in order.enumerated() {
      let isTwin = position > 0 && ids[order[position - 1]] == ids[number]
      guard isTwin || Double(byteCount) < wanted else { break }
      isHeldOut[number] = true
      byteCount += documents[number].count
    }
    func side(_ wanted: Bool) -> [UInt8] {
      documents.indices.lazy.filter { isHeldOut[$0] == wanted }.flatMap { text[documents[$0]] }
    }
    self.separator = separator
    documentCount = documents.count
    heldOutDocumentCount = isHeldOut.count { $0 }
    (train, heldOut) = (side(false), side(true))
    guard heldOutDocumentCount > 0, heldOutDocumentCount < documentCount else { return nil }
  }

  /// Of each document the least id of those with its wording.
  private static func sideIDs(of documents: [ArraySlice<UInt8>]) -> [ContentID] {
    let ids = documents.map { ContentID(of: $0) }
    let wordings = documents.map { Wording(of: String(decoding: $0, as: UTF8.self)) }
    let least = Dictionary(zip(wordings, ids), uniquingKeysWith: min)
    return zip(wordings, ids).map { least[$0] ?? $1 }
  }

  /// Pieces that hold more than white space, each with the separators behind it: all bytes of the text are in one.
  private static func documents(of text: [UInt8], _ separator: Separator) -> [Range<Int>] {
    var (documents, start, position) = ([Range<Int>](), 0, 0)
    func close(_ end: Int) {
      guard end > start else { return }
      if let last = documents.last, trimmed(text[start..<end], separator).isEmpty {
        documents[documents.count - 1] = last.lowerBound..<end
      } else {
        documents.append(start..<end)
      }
      start = end
    }
    while position < text.count {
      if let length = separator.length(in: text, at: position) {
        position += length
        close(position)
      } else {
        position += 1
      }
    }
    close(text.count)
    return documents
  }

  /// What a piece says, without the separator behind it and white space around it.
  private static func trimmed(_ piece: ArraySlice<UInt8>, _ separator: Separator) -> ArraySlice<UInt8> {
    var piece = piece
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    if separator == .nul || separator == .endOfText {
      let mark = separator == .nul ? [Document.separatorByte] : Array(separator.rawValue.utf8)
      if piece.suffix(mark.count).elementsEqual(mark) { piece = piece.dropLast(mark.count) }
    }
    while let last = piece.last, isSpace(last) { piece.removeLast() }
    return piece.drop(while: isSpace)
  }
}
