import Basics

/// Compares a split's content, as it streams by, with the hashes in its document table.
struct DocumentChecker {
  private let table: DocumentTableReader
  private let separator: UInt8
  private var documentIndex = 0
  private var pending: [UInt8] = []

  init(table: DocumentTableReader, separator: UInt8) {
    self.table = table
    self.separator = separator
  }

  /// - Parameter content: the bytes that follow those of the last call.
  /// - Throws: `HintedError` for the first document whose text or place is not the table's.
  mutating func take(_ content: some Collection<UInt8>) throws {
    pending += content
    while documentIndex < table.documentCount {
      let span = try table.document(at: documentIndex)
      guard pending.count >= span.contentRange.count else { return }
      let bytes = pending.prefix(span.contentRange.count)
      guard bytes.last == separator, ContentID(of: Array(bytes.dropLast())) == span.id else {
        throw HintedError(
          "\(table.path): document \(documentIndex) is not what bytes \(span.contentRange.lowerBound) to "
            + "\(span.contentRange.upperBound) of the content hold", hint: "shard the documents again")
      }
      pending.removeFirst(span.contentRange.count)
      documentIndex += 1
    }
  }

  /// - Throws: `HintedError` when content is left that belongs to no document, or a document without content.
  func finish() throws {
    guard documentIndex == table.documentCount, pending.isEmpty else {
      throw HintedError(
        "\(table.path): after \(documentIndex) of \(table.documentCount) documents, "
          + "\(pending.count) bytes of content are left")
    }
  }
}
