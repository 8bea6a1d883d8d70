import Lineage

/// A request of a corpus, and the reply that a document gives to it.
public struct Example: Hashable, Sendable {
  /// With its mark and its line end: what a student is asked.
  public var request: String
  /// To the document's end.
  public var reply: String
  /// What kind of request it is, where the corpus says so.
  public var label: String?
  /// How often it was said.
  public var count: Int

  public init(request: String, reply: String, label: String? = nil, count: Int = 1) {
    self.request = request
    self.reply = reply
    self.label = label
    self.count = count
  }

  /// Cuts a document where its reply begins; nil where it has none.
  public init?(text: String, boundary: ReplyBoundary, label: String? = nil, count: Int = 1) {
    let bytes = Array(text.utf8)
    guard let start = boundary.replyStart(in: bytes) else { return nil }
    self.init(
      request: String(decoding: bytes[..<start], as: UTF8.self),
      reply: String(decoding: bytes[start...], as: UTF8.self), label: label, count: count)
  }
}
