import Basics
import Foundation
import Intake

/// A proof that is checked again: hashes, and that the sides have nothing in common.
public struct ProofCheck: Codable, Hashable, Sendable {
  public struct Reference: Codable, Hashable, Sendable {
    public enum State: String, Codable, Sendable {
      case same, changed, missing
    }
    public var name: String
    public var state: State
  }

  public var schema = "alambic.proof-check/1"
  public var train: SplitProof.Side
  public var heldOut: SplitProof.Side
  public var nearest: SplitProof.Pair?
  /// Pairs that are less alike were not looked for.
  public var searchedFrom: Double
  public var references: [Reference] = []
  /// What is not as the proof says; none where all is.
  public var faults: [String] = []

  /// - Parameters:
  ///   - path: the proof's; documents lie beside it, references where their names say, from here or from there.
  ///   - threadCount: at least 1.
  /// - Throws: `HintedError` for a proof or documents that cannot be read.
  public init(of path: String, threadCount: Int) async throws {
    let proof = try CanonicalJSON.decode(SplitProof.self, from: try AtomicFile.read(path), named: path)
    guard proof.schema == SplitProof.schema else {
      throw HintedError("\(path) is '\(proof.schema)', but this version reads \(SplitProof.schema)")
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var texts: [ReferenceText] = []
    for file in proof.against?.files ?? [] {
      let place = FileManager.default.fileExists(atPath: file.name) ? file.name : "\(folder)/\(file.name)"
      let state = try Self.state(of: place, file)
      references.append(Reference(name: file.name, state: state))
      guard let against = proof.against, state == .same else { continue }
      texts += try ReferenceText.read(
        place, separator: TextSeparator(word: against.separator), template: try TextTemplate(against.text),
        named: file.name)
    }
    let contamination =
      try texts.isEmpty ? nil : ContaminationIndex(texts, wordCount: proof.against?.wordCount ?? 0)
    let evidence = try await SplitEvidence(
      of: "\(folder)/\(proof.documents.name)", isByWording: proof.rule.isByWording,
      threshold: proof.near.threshold ?? .infinity,
      searchedFrom: proof.near.searchedFrom, contamination: contamination, threadCount: threadCount)
    (train, heldOut, nearest) = (evidence.train, evidence.heldOut, evidence.roundedNearest)
    searchedFrom = proof.near.searchedFrom
    faults = faults(proof, evidence)
  }

  private static func state(of path: String, _ file: SplitProof.File) throws -> Reference.State {
    guard FileManager.default.fileExists(atPath: path) else { return .missing }
    return try ContentID(ofFile: path) == file.id ? .same : .changed
  }

  private func faults(_ proof: SplitProof, _ evidence: SplitEvidence) -> [String] {
    var faults: [String] = []
    if evidence.id != proof.documents.id {
      faults.append("\(proof.documents.name) is \(evidence.id.short), and the proof is of \(proof.documents.id.short)")
    }
    for (name, found, said) in [("training", train, proof.train), ("held-out", heldOut, proof.heldOut)]
    where found != said {
      faults.append(
        "the \(name) side has \(found.textCount) texts, \(found.id.short), and the proof says \(said.textCount), "
          + said.id.short)
    }
    if let twin = evidence.twin {
      faults.append(
        "the same \(proof.rule.isByWording ? "wording" : "text") lies on both sides: \(twin.train) in training, "
          + "\(twin.heldOut) held out")
    }
    if let nearest = evidence.roundedNearest, evidence.isTooNear, let threshold = proof.near.threshold {
      faults.append(
        "\(nearest.train) in training and \(nearest.heldOut) held out are \(nearest.similarity) alike, and below "
          + "\(threshold) was promised")
    } else if evidence.roundedNearest != proof.near.nearest {
      let found = evidence.roundedNearest?.similarity.description ?? "none"
      faults.append(
        "the nearest texts of both sides: \(found), and the proof says "
          + (proof.near.nearest?.similarity.description ?? "none"))
    }
    if let group = evidence.straddling { faults.append("the group \(group) lies on both sides") }
    if let groupCount = proof.rule.groupCount, groupCount != evidence.groupCount {
      faults.append("\(evidence.groupCount) groups, and the proof says \(groupCount)")
    }
    if let (origin, finding) = evidence.contaminated { faults.append("\(origin): \(finding)") }
    return faults
  }
}
