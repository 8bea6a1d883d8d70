import Basics
import Curation
import Formats
import Foundation
import Ledger
import Lineage
import Prompting

extension Workbench {
  /// How varied a corpus's documents are, and what of its recipe's lists has arrived in them.
  /// - Throws: `HintedError` for a corpus that there is not, or that was not curated so far.
  public func diversity(of name: String) async throws -> DiversityReport {
    let corpus = try CorpusFolder.open(name, in: folders)
    var (meter, coverage) = (DiversityMeter(), CoverageMeter(lists: corpus.countedWords))
    var documents: [Document] = []
    let reader = try RecordReader<Document>(workspace.documentsFile(name))
    while var document = try reader.next() {
      meter.add(document.text)
      coverage.add(document.text)
      document.text = ""
      documents.append(document)
    }
    let labels = try await labels(of: corpus, samples: Set(documents.map(\.sampleID)))
    return try await meter.report(coverage: coverage.finished() + Self.coverage(of: corpus, labels, documents))
  }

  /// By sample, the word that each list gave to its prompt; none where texts come from no prompts, or from a teacher
  /// whose profile is gone.
  func labels(of corpus: CorpusFolder, samples: Set<ContentID>) async throws -> [ContentID: [String: String]] {
    guard corpus.recipe.prompting != nil, let teachers = try? corpus.teachers(in: folders) else { return [:] }
    let expander = try corpus.expander(for: teachers)
    let byPrompt = Dictionary(try expander.prompts().map { ($0.id, $0.labels) }) { first, _ in first }
    var labels: [ContentID: [String: String]] = [:]
    for id in samples {
      guard let request = try await ledger.request(sampleID: id) else { continue }
      labels[id] = byPrompt[request.promptID]
    }
    return labels
  }

  private static func coverage(
    of corpus: CorpusFolder, _ labels: [ContentID: [String: String]], _ documents: [Document]
  ) -> [ListCoverage] {
    guard !labels.isEmpty else { return [] }
    var counts = corpus.lists.mapValues { list in
      let all = list.words + list.wordsByParent.values.joined()
      return Dictionary(all.map { ($0.label, 0) }, uniquingKeysWith: { first, _ in first })
    }
    for document in documents {
      for (list, label) in labels[document.sampleID] ?? [:] { counts[list, default: [:]][label, default: 0] += 1 }
    }
    return counts.sorted { $0.key < $1.key }.map { ListCoverage(list: $0.key, kind: .labels, counts: $0.value) }
  }
}

extension CorpusFolder {
  /// Lists whose words may stand in documents: those that are no pieces of a file.
  fileprivate var countedWords: [String: [String]] {
    let pieces = (recipe.prompting?.lists ?? [:]).filter(\.value.isOfPieces)
    return words.filter { pieces[$0.key] == nil }
  }
}

extension DiversityMeter {
  /// The report, with what needs a compressor and a search.
  public consuming func report(coverage: [ListCoverage]? = nil) async throws -> DiversityReport {
    let sample = sample
    let sets = try await DiversityReport.setSizes(
      of: sample, threadCount: ProcessInfo.processInfo.activeProcessorCount)
    let text = Array(sample.joined(separator: "\n").utf8)
    let ratio = text.isEmpty ? nil : Double(text.count) / Double(try ZstdCompressor(level: 10).frame(of: text).count)
    return finished(compressionRatio: ratio, sets: sets, coverage: coverage)
  }
}
