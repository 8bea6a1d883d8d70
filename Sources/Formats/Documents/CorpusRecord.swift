import Basics
import Lineage

/// A noun that is stored as one line of `documents.jsonl.zst` or `rejections.jsonl.zst`.
public protocol CorpusRecord: Codable, Hashable, Sendable {
  /// What is wrong with a decoded record, in one clause; nil when all holds.
  var violation: String? { get }
}

extension Document: CorpusRecord {
  public var violation: String? {
    if id != ContentID(of: text) { return "the id \(id.short)… is not the hash of the text" }
    if text.isEmpty { return "the text is empty" }
    if text.utf8.contains(Self.separatorByte) { return "the text holds the separator byte \(Self.separatorByte)" }
    if indexInSample < 0 { return "indexInSample is \(indexInSample)" }
    if !(1...Int(UInt32.max) ~= repeats) { return "repeats is \(repeats)" }
    return nil
  }
}

extension Rejection: CorpusRecord {
  public var violation: String? {
    if indexInSample < 0 { return "indexInSample is \(indexInSample)" }
    return nil
  }
}
