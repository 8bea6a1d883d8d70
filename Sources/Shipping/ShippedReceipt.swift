import Basics
import Lineage

/// What a bundle keeps of a receipt: what was made of what, and how; not when, how long or at which price, so that
/// equal work gives an equal bundle.
public struct ShippedReceipt: Hashable, Codable, Sendable {
  /// The file of a bundle that holds the chain.
  public static let fileName = "receipts.json"

  public var stage: StageName
  public var inputs: [Artifact]
  public var outputs: [Artifact]
  public var settings: [String: String]
  public var version: String

  public init(_ receipt: Receipt) {
    stage = receipt.stage
    inputs = receipt.inputs
    outputs = receipt.outputs
    settings = receipt.settings
    version = receipt.version
  }

  /// The key of the receipt that this was made of.
  public var key: ContentID {
    get throws { try Receipt.key(stage: stage, inputs: inputs.map(\.id), settings: settings) }
  }
}
