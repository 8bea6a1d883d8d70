import Basics

/// How a student of a dialogue reads: a line for each who speaks, behind that one's mark.
public struct DialogueMarks: Hashable, Codable, Sendable {
  public var request: String
  public var reply: String

  public init(request: String = "> ", reply: String = "< ") { (self.request, self.reply) = (request, reply) }

  /// Ends a reply.
  public static let lineEnd = UInt8(ascii: "\n")

  /// What a student continues with its reply: the request's line, without blanks around it, and the reply's mark.
  /// - Throws: `HintedError` for a request of several lines.
  public func prompt(_ line: [UInt8]) throws -> [UInt8] {
    let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    let words = line.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    guard !words.contains(Self.lineEnd) else {
      throw HintedError("a request of a dialogue is one line", hint: "leave --dialogue out", status: .usage)
    }
    return Array(request.utf8) + words + [Self.lineEnd] + Array(reply.utf8)
  }

  /// The request that a document begins with; nil where it is no dialogue by these marks.
  public func request(of document: String) -> String? {
    let lines = document.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
    guard lines.count > 1, lines[0].hasPrefix(request), lines[1].hasPrefix(reply) else { return nil }
    return String(lines[0].dropFirst(request.count))
  }
}
