import Basics
import Formats
import Foundation
import Ledger
import Lineage

/// Why something is there: the way back from an id to the prompt that it came from.
public struct Trace: Encodable, Sendable {
  /// One station of the way.
  public struct Station: Encodable, Sendable {
    /// `chunk`, `document`, `sample`, `prompt`, or an artifact's kind.
    public var kind: String
    public var id: ContentID
    /// 0 for what was asked about; each step back adds 1.
    public var depth: Int
    public var text: String
  }

  public var schema = "alambic.why/1"
  public private(set) var stations: [Station] = []
  /// By corpus, as far as it was asked for.
  var pieces: [String: [ContentID: [PromptPiece]]] = [:]

  private enum CodingKeys: String, CodingKey {
    case schema, stations
  }

  func holds(_ id: ContentID) -> Bool { stations.contains { $0.id == id } }

  mutating func add(_ kind: String, _ id: ContentID, depth: Int, _ text: String) {
    stations.append(Station(kind: kind, id: id, depth: depth, text: text))
  }
}

extension Workbench {
  /// Traces an id, or the beginning of one, back to where it came from.
  /// - Throws: `HintedError` when nothing has it, or several things do.
  public func trace(_ prefix: String) async throws -> Trace {
    let wanted = prefix.hasPrefix(ContentID.prefix) ? prefix : ContentID.prefix + prefix
    let found = try await ledger.entries(prefix: prefix).filter { if case .receipt = $0 { false } else { true } }
    let texts = try textsNamed(wanted)
    // An artifact that is also a document's file would be two kinds of thing with one id; ids of texts come first.
    let candidates = Set(texts.map(\.id) + found.map(\.id))
    guard candidates.count <= 1 else {
      throw HintedError(
        "'\(prefix)' is the beginning of \(candidates.count) ids", hint: "give more digits", status: .usage)
    }
    var trace = Trace()
    if let text = texts.first {
      try await follow(text, into: &trace)
    } else if let entry = found.first {
      try await follow(entry, into: &trace)
    } else {
      throw HintedError(
        "nothing in \(workspace.root) has the id '\(prefix)'",
        hint: "ids stand in `alambic inspect` and in receipts (`alambic ledger export`)", status: .usage)
    }
    return trace
  }
}

extension LedgerEntry {
  var id: ContentID {
    switch self {
    case .artifact(let id), .request(let id), .sample(let id), .receipt(let id): id
    }
  }
}
