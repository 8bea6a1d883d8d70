import Basics
import Foundation
import Lineage

/// What an attempt at a part says of itself when it is complete; specified in docs/formats/parts.md. It is the last
/// file that an attempt writes.
public struct PartManifest: Hashable, Codable, Sendable {
  public static let schema = "alambic.part/1"
  public static let fileName = "manifest.json"

  public var schema: String
  public var stage: StageName
  public var corpus: String
  public var part: Part
  /// From 1; an attempt that was killed leaves a folder without a manifest.
  public var attempt: Int
  /// The id of `settings`: parts of different recipes, teachers or versions do not belong together.
  public var inputs: ContentID
  /// All that decides the answers, as the receipt of `ask` names it.
  public var settings: [String: String]
  public var promptCount: Int
  public var answerCount: Int
  public var refusedCount: Int
  /// The samples of this part in the prompts' order, as one id.
  public var answers: ContentID
  /// The ledger beside the manifest.
  public var ledger: ContentID
  public var ledgerByteCount: Int
  /// US dollars, of this attempt and of those before it.
  public var cost: Double
  public var possibleCost: Double
  /// ISO 8601, UTC.
  public var startedAt: String
  public var durationSeconds: Double
  public var alambic: String

  /// - Throws: `HintedError` for a file that is not a manifest of this version.
  static func read(_ path: String) throws -> PartManifest {
    let bytes = try AtomicFile.read(path)
    let manifest: PartManifest
    do {
      manifest = try CanonicalJSON.decode(PartManifest.self, from: bytes)
    } catch {
      throw HintedError("\(path) is not a manifest of a part")
    }
    guard manifest.schema == schema else {
      throw HintedError("\(path) has the schema '\(manifest.schema.prefix(40))', not \(schema)")
    }
    return manifest
  }
}
