/// Which row of its table a token of a compact student has: tokens that training met have one each, all others share
/// the last. Specified in docs/formats/atome-compact.md.
public struct TableRows: Hashable, Sendable {
  /// By token: its row.
  public let rows: [UInt8]
  /// R, rows of the table.
  public let rowCount: Int

  /// Every token has a row of its own.
  public static let whole = TableRows(own: Array(repeating: true, count: CompactShape.vocabularySize))

  /// - Parameter own: by token, whether it has a row of its own. Own rows ascend with their tokens. One token alone
  ///   shares its row with nobody, so that is `whole`, too.
  public init(own: [Bool]) {
    precondition(own.count == CompactShape.vocabularySize, "a token without a word about its row")
    let ownCount = own.count { $0 }
    guard ownCount < own.count - 1 else {
      rows = own.indices.map { UInt8(truncatingIfNeeded: $0) }
      rowCount = own.count
      return
    }
    var next = 0
    rows = own.map { isOwn in
      defer { next += isOwn ? 1 : 0 }
      return UInt8(truncatingIfNeeded: isOwn ? next : ownCount)
    }
    rowCount = ownCount + 1
  }

  /// Whether no tokens share a row.
  public var isWhole: Bool { rowCount == CompactShape.vocabularySize }

  /// Whether a token has a row that no other has.
  public func isOwn(_ token: UInt8) -> Bool { isWhole || Int(rows[Int(token)]) < rowCount - 1 }
}
