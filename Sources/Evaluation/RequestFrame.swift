import Lineage

/// What stands around every request of a corpus: its mark, such as `> `, and its end. A person does not type them, so
/// they have no typos.
public struct RequestFrame: Hashable, Sendable {
  public let prefix: String
  public let suffix: String

  public init(prefix: String, suffix: String) {
    self.prefix = prefix
    self.suffix = suffix
  }

  /// - Parameters:
  ///   - requests: whose longest common beginning without letters and digits is the mark.
  ///   - boundary: says what ends a request.
  public init(of requests: [String], boundary: ReplyBoundary) {
    var prefix = requests.first?.prefix { !$0.isLetter && !$0.isNumber && !$0.isNewline } ?? ""
    for request in requests { prefix = prefix.prefix(zip(prefix, request).prefix { $0 == $1 }.count) }
    self.prefix = String(prefix)
    suffix =
      switch boundary {
      case .afterFirstLine: "\n"
      case .after(let mark): mark
      }
  }

  /// What the person typed.
  public func body(of request: String) -> String {
    var body = Substring(request)
    if body.hasPrefix(prefix) { body = body.dropFirst(prefix.count) }
    if body.hasSuffix(suffix) { body = body.dropLast(suffix.count) }
    return String(body)
  }

  /// A request as the student is asked; the text may have mark and end already.
  public func request(_ text: String) -> String { prefix + body(of: text) + suffix }
}
