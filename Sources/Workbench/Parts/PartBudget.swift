import Basics
import Foundation
import Lineage

/// The limit of spending of all parts together. Each has an equal share of it. What a part has left when it is complete
/// may go to another one, which then may spend so much more, and the first so much less: the sum is always the limit.
///
/// A transfer is a file that is made once and never changed. Its name has a number that follows those of earlier
/// transfers from the same part. Of two parts that want the same money one finds the name taken.
package struct PartBudget: Sendable {
  /// What one part gave to another one; specified in docs/formats/parts.md.
  struct Transfer: Codable, Hashable {
    static let schema = "alambic.part-transfer/1"

    var schema = Self.schema
    var partCount: Int
    var from: Int
    /// From 1, of those that came from the same part.
    var number: Int
    var to: Int
    /// US dollars.
    var amount: Double
  }

  /// Less than this is nothing: sums of parts leave such a rest.
  private static let least = 1e-9

  private let folder: String
  private let partCount: Int
  /// Of all parts together, in US dollars.
  private let limit: Double
  /// Calls `take` with what a complete part has spent, with what its kills may have cost; nobody works on it meanwhile.
  /// Of any other part it returns 0.
  package typealias Visit = @Sendable (_ part: Int, _ take: (_ spent: Double) throws -> Double) throws -> Double
  private let visit: Visit

  /// - Parameter root: the folder of all parts.
  package init(limit: Double, partCount: Int, under root: String, visit: @escaping Visit) {
    (self.limit, self.partCount, folder) = (limit, partCount, "\(root)/budget")
    self.visit = visit
  }

  package var share: Double { limit / Double(partCount) }

  /// What a part may spend, all its attempts together.
  package func allowance(of part: Int) throws -> Double { allowance(of: part, try transfers()) }

  private func allowance(of part: Int, _ transfers: [Transfer]) -> Double {
    transfers.reduce(share) { sum, transfer in
      sum + (transfer.to == part ? transfer.amount : 0) - (transfer.from == part ? transfer.amount : 0)
    }
  }

  /// Takes from complete parts what they have left, until it is as much as a share or no part has any.
  /// - Returns: how much was taken, in US dollars.
  package func borrow(for part: Int) throws -> Double {
    var taken = 0.0
    // Read once. What was taken since then has the next number already; what was given since then stays where it is.
    let transfers = try transfers()
    // Beginning behind itself, so that not all parts ask the same one.
    for distance in 1..<max(1, partCount) where taken < share {
      let other = (part - 1 + distance) % partCount + 1
      taken += try visit(other) { try take(for: part, from: other, spent: $0, transfers) }
    }
    return taken
  }

  private func take(for part: Int, from other: Int, spent: Double, _ transfers: [Transfer]) throws -> Double {
    let amount = allowance(of: other, transfers) - spent
    guard amount > Self.least else { return 0 }
    let number = 1 + transfers.count { $0.from == other }
    let transfer = Transfer(partCount: partCount, from: other, number: number, to: part, amount: amount)
    let made = try AtomicFile.create(
      CanonicalJSON.pretty(transfer), at: "\(folder)/\(other)-of-\(partCount)-\(number).json")
    return made ? amount : 0
  }

  private func transfers() throws -> [Transfer] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { name in
      guard let match = name.wholeMatch(of: #/(\d+)-of-(\d+)-(\d+)\.json/#), Int(match.2) == partCount else {
        return nil
      }
      let path = "\(folder)/\(name)"
      guard let transfer = try? CanonicalJSON.decode(Transfer.self, from: AtomicFile.read(path)),
        transfer.schema == Transfer.schema, transfer.partCount == partCount, transfer.from == Int(match.1),
        transfer.number == Int(match.3), transfer.amount.isFinite, transfer.amount > 0
      else {
        throw HintedError(
          "\(path) is not a transfer that this version reads",
          hint: "without it nobody knows what parts may spend: restore it, or ask in another workspace")
      }
      return transfer
    }
  }
}

extension PartBudget {
  /// Of a corpus's parts, as their manifests say.
  /// - Parameter inputs: what a complete part is made of.
  init(limit: Double, beside place: PartFolder, under root: String, inputs: ContentID) {
    self.init(limit: limit, partCount: place.part.count, under: root) { [place] number, take in
      let other = PartFolder(try Part(number, of: place.part.count), of: place.corpus, under: root)
      // Whoever began another attempt, or works there now, may have to spend more.
      guard let last = other.attempts().last,
        case .complete = other.standing(ofAttempt: last, inputs: inputs, checksLedger: false),
        let lock = try? FolderLock(other)
      else { return 0 }
      defer { withExtendedLifetime(lock) {} }
      guard case .complete(let manifest) = other.standing(ofAttempt: last, inputs: inputs, checksLedger: false),
        other.attempts().last == last
      else { return 0 }
      return try take(manifest.cost + manifest.possibleCost)
    }
  }
}
