import Basics
import Foundation
import GRDB

extension Ledger {
  /// A copy at another path with all that was asked, answered and decided, and without receipts: work that is done on
  /// it is done anew, from the same answers. What others are asking at the moment is left out.
  /// - Throws: `HintedError` when there is a file already.
  public func copyWithoutReceipts(to path: String) async throws -> Ledger {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw HintedError("\(path) is there already", hint: "name another place", status: .usage)
    }
    let copy = try Ledger(path: path)
    try backUp(to: copy)
    try await copy.write { database in
      for table in ["receiptArtifact", "receipt", "artifact", "lease"] {
        try database.execute(sql: "DELETE FROM \(table)")
      }
    }
    return copy
  }
}
