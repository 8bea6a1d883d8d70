import Basics
import Curation
import Lineage

/// Brings the parts of a curation together: one winner for each, checked. What is left is what one machine would have
/// left, to the byte.
public struct CurationMerge: Sendable {
  private let settings: FileCurationSettings
  private let partCount: Int
  private let notice: @Sendable (String) -> Void
  private let progress: @Sendable (Int, Int?, String) -> Void

  public init(
    _ settings: FileCurationSettings, partCount: Int, notice: @escaping @Sendable (String) -> Void,
    progress: @escaping @Sendable (Int, Int?, String) -> Void = { _, _, _ in }
  ) throws {
    _ = try Part(1, of: partCount)
    (self.settings, self.partCount, self.notice, self.progress) = (settings, partCount, notice, progress)
  }

  /// - Throws: `HintedError` with the numbers of parts that are missing or damaged, status 75; nothing is written then.
  public func run() async throws -> FileCurationReport {
    let places = try (1...partCount).map {
      PartFolder(try Part($0, of: partCount), of: settings.output, under: CurationPart.root(settings))
    }
    let winners = try winners(in: places)
    let readers = try zip(places, winners).map { place, winner in
      try DraftFileReader(
        "\(place.attempt(winner.attempt))/\(PartFiles.blocks)", near: settings.curation.nearDuplicates)
    }
    return try await FileCuration(settings, progress: progress).merge(readers, try inputs(of: winners))
  }

  private func winners(in places: [PartFolder]) throws -> [CurationPartManifest] {
    let inputs = try ContentID(ofCanonical: settings.partSettings)
    var (winners, missing): ([CurationPartManifest], [Int]) = ([], [])
    for place in places {
      let (winner, faults) = CurationPartManifest.winner(in: place, inputs: inputs)
      for fault in faults { notice("\(fault); it is not taken") }
      if let winner { winners.append(winner) } else { missing.append(place.part.number) }
    }
    guard missing.isEmpty else {
      throw PartsMissing.error(missing, of: partCount, in: CurationPart.root(settings))
    }
    return winners
  }

  /// Each file once. Whoever read it must have read the same bytes.
  private func inputs(of winners: [CurationPartManifest]) throws -> [DraftedInput] {
    var inputs: [Int: (input: DraftedInput, part: Part)] = [:]
    for winner in winners {
      for input in winner.files {
        if let other = inputs[input.file], other.input != input {
          throw HintedError(
            "parts \(other.part) and \(winner.part) read different bytes of \(input.name)",
            hint: "the file was changed in between: remove \(CurationPart.root(settings)) and run all parts again")
        }
        inputs[input.file] = (input, winner.part)
      }
    }
    return try settings.paths.indices.map { number in
      guard let found = inputs[number] else {
        throw HintedError("no part read \(settings.paths[number])", hint: "run all parts again")
      }
      return found.input
    }
  }
}
