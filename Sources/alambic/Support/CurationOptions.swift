import ArgumentParser
import Basics
import Curation
import Foundation
import Intake
import Lineage
import Similarity

/// What `curate --input` is told.
struct CurationOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Files of texts instead of a corpus: .jsonl, .csv, .tsv or .txt, with .gz or .zst; - for standard input.",
      valueName: "file"),
    completion: .file())
  var input: [String] = []
  @Option(help: ArgumentHelp("The folder for what is left of them.", valueName: "folder"), completion: .directory)
  var output: String?
  @Option(help: ArgumentHelp("jsonl, csv, tsv or text, where a file's name does not say.", valueName: "format"))
  var format: String?
  @Option(
    help: ArgumentHelp(
      "What separates plain texts: blank-line, line, or a text (default: blank-line).", valueName: "text"))
  var separator: String?
  @Option(
    help: ArgumentHelp(
      "The field that holds the text, or several: \"> {query}\\n< {answer}\" (default: text).", valueName: "field"))
  var text: String?
  @Option(help: ArgumentHelp("Names of a table's columns, where its first row is a record.", valueName: "names"))
  var columns: String?
  @Option(
    help: ArgumentHelp(
      "Texts that are at least so alike count as one: runs of five characters in common, 0.3 to 1, or off "
        + "(default: 0.8).",
      valueName: "similarity"))
  var near: String?
  @Flag(help: "Keep near duplicates, all on one side of the split.")
  var keepNear = false
  @Flag(help: "Plant known edits in copies of the files' texts, and say which --near finds them. Writes nothing.")
  var tune = false
  @Option(
    help: ArgumentHelp(
      "Settings that go together; options given beside it count instead (default: none).",
      valueName: Recipe.CurationPreset.allCases.map(\.rawValue).joined(separator: "|")))
  var preset: Recipe.CurationPreset?
  @Option(help: ArgumentHelp("keep, fold-punctuation or ascii (default: keep).", valueName: "policy"))
  var characters: CharacterPolicy?
  @Option(help: ArgumentHelp("Shorter texts are refused (default: 1).", valueName: "count"))
  var minBytes: Int?
  @Option(help: ArgumentHelp("Longer texts are refused (default: 65536).", valueName: "count"))
  var maxBytes: Int?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Refuse texts without this regular expression, or another such.", valueName: "pattern"))
  var accept: [String] = []
  @Option(
    parsing: .singleValue, help: ArgumentHelp("Refuse texts with this regular expression.", valueName: "pattern"))
  var reject: [String] = []
  @Option(
    help: ArgumentHelp("Words and phrases that no text may hold, one a line.", valueName: "file"), completion: .file())
  var blocklist: String?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Of chatter, repetition and personal-data, those to refuse.", valueName: "kind"))
  var refuse: [String] = []
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Refuse texts of which more than a tenth of the letters is of other scripts.", valueName: "script"))
  var scripts: [Recipe.Script] = []
  @Option(
    help: ArgumentHelp(
      "Of texts that begin with the same three words, keep so many that they are no larger a share.",
      valueName: "share"))
  var openingShare: Double?
  @Option(
    help: ArgumentHelp(
      "Refuse texts that have so many bytes in a row in common with one that is kept.", valueName: "count"))
  var sharedPart: Int?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Refuse texts that share words with a text of these: what students are asked or judged by.", valueName: "file"),
    completion: .file())
  var against: [String] = []
  @Option(help: ArgumentHelp("The field that holds their texts (default: as --text).", valueName: "field"))
  var againstText: String?
  @Option(help: ArgumentHelp("What separates those in plain files (default: line).", valueName: "text"))
  var againstSeparator: String?
  @Option(
    help: ArgumentHelp(
      "So many words in a row are too many (default: \(ContaminationIndex.usualWordCount)).", valueName: "count"))
  var againstWords: Int?
  @Option(
    help: ArgumentHelp(
      "Keep records with the same field, or several \"{a}/{b}\", on one side of the split; or first-line: texts with "
        + "the same first line.", valueName: "field"))
  var splitBy: String?
  @Flag(help: "Write proof.json, too: what `corpus check --proof` checks again.")
  var proof = false
  @Option(help: ArgumentHelp("The share that is held out from training (default: 0.1).", valueName: "share"))
  var heldOut: Double?
  @Option(help: ArgumentHelp("Decides which texts are held out (default: 0).", valueName: "number"))
  var seed: UInt64?
  @Option(
    help: ArgumentHelp(
      "What is remembered of texts lies in memory up to so much, then in scratch files: 512MiB, 4GiB (default: 1GiB).",
      valueName: "size"))
  var memory: String?
  @Option(help: ArgumentHelp("Threads (default: one a core).", valueName: "count"))
  var threads: Int?

  /// - Throws: `HintedError` for values that cannot be followed.
  func settings() throws -> FileCurationSettings {
    guard let output = output ?? (tune ? "" : nil) else {
      throw HintedError("curating files needs a place for the result", hint: "add --output FOLDER", status: .usage)
    }
    var settings = FileCurationSettings(
      paths: input, template: try TextTemplate(text ?? "text"), output: output, curation: try curation(),
      threadCount: try threadCount())
    settings.separator = try TextSeparator(option: separator)
    settings.format = try inputFormat(settings.separator)
    settings.columns = columns.map { $0.split(separator: ",").map(String.init) }
    settings.memoryByteCount = try memoryByteCount() ?? settings.memoryByteCount
    settings.curation.nearDuplicates = try nearDuplicates()
    settings.curation.keepsNearDuplicates = keepNear || (near == nil && base?.keepsNearDuplicates == true)
    (settings.curation.openingShare, settings.curation.sharedPart) = (openingShare, sharedPart)
    settings.curation.filters = try filters()
    settings.splitKey = try splitBy.map { try SplitKey(option: $0) }
    try setReferences(of: &settings)
    return settings
  }

  private func setReferences(of settings: inout FileCurationSettings) throws {
    let given = ProofSettings(
      against: against, text: againstText ?? text ?? "text", separator: againstSeparator ?? "line",
      wordCount: againstWords ?? ContaminationIndex.usualWordCount)
    settings.proof = proof ? given : nil
    guard !against.isEmpty else {
      guard againstText == nil, againstSeparator == nil, againstWords == nil else {
        throw HintedError("there is nothing to compare with", hint: "add --against FILES", status: .usage)
      }
      return
    }
    let texts = try against.flatMap { path in
      try ReferenceText.read(
        path, separator: try TextSeparator(option: given.separator), template: try TextTemplate(given.text))
    }
    settings.curation.contamination = try ContaminationIndex(texts, wordCount: given.wordCount)
  }

  /// What the preset says, where one is named.
  private var base: Recipe.Curation? { preset?.curation }

  private func curation() throws -> CurationSettings {
    let (least, most) = (
      minBytes ?? base?.minimumByteCount ?? 1, maxBytes ?? base?.maximumByteCount ?? 65_536
    )
    guard least <= most else {
      throw HintedError("--min-bytes \(least) is more than --max-bytes \(most)", status: .usage)
    }
    return CurationSettings(
      boundary: .wholeAnswer, characters: characters ?? (preset == nil ? .keep : .foldPunctuation),
      byteCounts: least...most,
      heldOutFraction: heldOut ?? 0.1,
      seed: seed ?? 0)
  }

  private func memoryByteCount() throws -> Int? {
    guard let memory else { return nil }
    guard let count = ReadableUnits.byteCount(memory), 1 << 20...1 << 50 ~= count else {
      throw HintedError("--memory \(memory) is not a size from 1MiB on", hint: "such as 512MiB or 4GiB", status: .usage)
    }
    return count
  }

  private func threadCount() throws -> Int {
    let count = threads ?? ProcessInfo.processInfo.activeProcessorCount
    guard 1...256 ~= count else { throw HintedError("--threads \(count) is not 1 to 256", status: .usage) }
    return count
  }

  private func inputFormat(_ separator: TextSeparator) throws -> InputFormat? {
    switch format {
    case nil where input.contains("-"):
      throw HintedError(
        "standard input has no name that says what it is", hint: "add --format jsonl, csv, tsv or text", status: .usage)
    case nil: return nil
    case "jsonl": return .jsonLines
    case "csv": return .table(separator: UInt8(ascii: ","))
    case "tsv": return .table(separator: UInt8(ascii: "\t"))
    case "text": return .text(separator)
    case .some(let word):
      throw HintedError("--format \(word) is not known", hint: "jsonl, csv, tsv or text", status: .usage)
    }
  }

  private func nearDuplicates() throws -> NearDuplicateSettings? {
    guard near != "off" else { return nil }
    let word = near ?? base?.nearDuplicates.map { "\($0)" } ?? "0.8"
    guard let threshold = Double(word) else {
      throw HintedError(
        "--near \(near ?? "") is not a number", hint: "a similarity such as 0.8, or off", status: .usage)
    }
    return try NearDuplicateSettings(
      threshold: threshold, searchedFrom: proof ? SplitProof.searchedFrom(threshold) : nil)
  }

  private func filters() throws -> TextFilters {
    var filters = TextFilters()
    (filters.accept, filters.reject) = (accept, reject)
    filters.scripts = scripts
    for kind in refuse.isEmpty ? base?.refuse.map(\.rawValue) ?? [] : refuse {
      switch kind {
      case "chatter": filters.refusesChatter = true
      case "repetition": filters.refusesRepetition = true
      case "personal-data": filters.refusesPersonalData = true
      default:
        throw HintedError(
          "--refuse \(kind) is not known", hint: "chatter, repetition, personal-data", status: .usage)
      }
    }
    if let blocklist {
      filters.blocklist = String(decoding: try AtomicFile.read(blocklist), as: UTF8.self).split(
        whereSeparator: \.isNewline
      )
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
    return filters
  }
}

extension CharacterPolicy: ExpressibleByArgument {}
extension Recipe.CurationPreset: ExpressibleByArgument {}
extension Recipe.Script: ExpressibleByArgument {}
