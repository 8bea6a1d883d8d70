import Basics

/// Which part of a corpus a document belongs to. Chosen by document, never by chunk, so that no text is on both sides.
public enum Split: String, Hashable, Codable, Sendable, CaseIterable {
  case train
  case heldOut = "held-out"
}

/// A curated text: noun 3. Its id hashes its text alone, so equal texts are one document.
public struct Document: Hashable, Codable, Sendable {
  public let id: ContentID
  public var sampleID: ContentID
  /// Which document of the sample this is, from 0: one answer can hold several.
  public var indexInSample: Int
  public var split: Split
  /// How often the text was said: once, and once more for each duplicate that curation refused.
  public var repeats: Int
  /// What the recipe's judge said of it, as a number or a word; nil where there is none.
  public var judgement: String?
  /// The document whose reply this has and whose request it says in other words; nil for one that a teacher wrote
  /// whole. The sample is then the second teacher's answer.
  public var rewrittenFrom: ContentID?
  public var text: String

  /// The byte that follows every document in a corpus's byte stream: NUL, which no curated text holds. A student that
  /// has learned it says by it where a text ends; before a prompt it says that a text begins.
  public static let separatorByte: UInt8 = 0

  /// 2 MiB: a line of documents, which has 16 MiB at most, holds it however it is escaped.
  public static let byteLimit = 2 << 20

  public init(sampleID: ContentID, indexInSample: Int, split: Split, repeats: Int = 1, text: String) {
    id = ContentID(of: text)
    self.sampleID = sampleID
    self.indexInSample = indexInSample
    self.split = split
    self.repeats = repeats
    self.text = text
  }

  private enum CodingKeys: String, CodingKey {
    case id, sampleID, indexInSample, split, repeats, judgement, rewrittenFrom, text
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(ContentID.self, forKey: .id)
    sampleID = try container.decode(ContentID.self, forKey: .sampleID)
    indexInSample = try container.decode(Int.self, forKey: .indexInSample)
    split = try container.decode(Split.self, forKey: .split)
    repeats = try container.decodeIfPresent(Int.self, forKey: .repeats) ?? 1
    judgement = try container.decodeIfPresent(String.self, forKey: .judgement)
    rewrittenFrom = try container.decodeIfPresent(ContentID.self, forKey: .rewrittenFrom)
    text = try container.decode(String.self, forKey: .text)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(sampleID, forKey: .sampleID)
    try container.encode(indexInSample, forKey: .indexInSample)
    try container.encode(split, forKey: .split)
    if repeats != 1 { try container.encode(repeats, forKey: .repeats) }
    try container.encodeIfPresent(judgement, forKey: .judgement)
    try container.encodeIfPresent(rewrittenFrom, forKey: .rewrittenFrom)
    try container.encode(text, forKey: .text)
  }
}

/// A text that curation refused, with the reason; kept and counted, so that "why is this not in my corpus?" has an
/// answer.
public struct Rejection: Hashable, Codable, Sendable {
  public var sampleID: ContentID
  public var indexInSample: Int
  public var reason: RejectionReason
  /// What exactly: the limit that was broken, the value found.
  public var detail: String
  /// For duplicates: the document that was there first, or stands for a set of near ones.
  public var matchedDocumentID: ContentID?
  /// For near duplicates: how alike the two are, 0 to 1.
  public var similarity: Double?
  /// The text, or the beginning of a very long one.
  public var text: String

  /// 1 MiB: a line of rejections holds it however it is escaped. The sample has the whole text.
  public static let textByteLimit = 1 << 20

  public init(
    sampleID: ContentID, indexInSample: Int, reason: RejectionReason, detail: String,
    matchedDocumentID: ContentID? = nil, similarity: Double? = nil, text: String
  ) {
    self.sampleID = sampleID
    self.indexInSample = indexInSample
    let beginning = text.utf8.count > Self.textByteLimit ? text.beginning(byteCount: Self.textByteLimit) : nil
    self.reason = reason
    self.detail = beginning == nil ? detail : "\(detail); of \(text.utf8.count) bytes the first \(Self.textByteLimit)"
    self.matchedDocumentID = matchedDocumentID
    self.similarity = similarity
    self.text = beginning ?? text
  }
}

extension String {
  /// So many bytes at most, cut between two scalars.
  fileprivate func beginning(byteCount: Int) -> String {
    var end = utf8.index(startIndex, offsetBy: byteCount, limitedBy: endIndex) ?? endIndex
    while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
    return String(self[..<end])
  }
}
