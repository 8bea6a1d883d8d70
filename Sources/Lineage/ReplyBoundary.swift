/// Where a document's reply begins: what stands before it is asked, what follows is answered. Training weighs the two
/// differently, and evaluation asks the one and judges the other.
public enum ReplyBoundary: Hashable, Codable, Sendable {
  /// Behind the first line end.
  case afterFirstLine
  /// Behind the first place where this text stands.
  case after(mark: String)

  /// The offset of the reply's first byte; nil where the document has no reply.
  public func replyStart(in document: some Collection<UInt8>) -> Int? {
    let bytes = Array(document)
    let mark: [UInt8] =
      switch self {
      case .afterFirstLine: [UInt8(ascii: "\n")]
      case .after(let mark): Array(mark.utf8)
      }
    guard !mark.isEmpty, bytes.count >= mark.count else { return nil }
    return (0...bytes.count - mark.count).first { bytes[$0...].starts(with: mark) }.map { $0 + mark.count }
  }
}
