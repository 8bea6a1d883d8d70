import Basics
import Charts
import Formats
import Foundation
import Model

extension ComparisonReport {
  /// `compare.md`. It holds no dates and, beside the steps of equal training time, nothing that was timed.
  public func markdown(command: String) -> String {
    let pictures = """
      ## Pictures

      ![Bits per byte over flash](compare-flash.svg)

      ![Bits per byte over instructions](compare-instructions.svg)

      ![Medians and ranges of every table](compare.svg)

      """
    return
      (["# Students and baselines\n", introduction(command)] + sections.map(page) + [peersPage, tuningPage, pictures])
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func introduction(_ command: String) -> String {
    """
    Written by `\(command)`.

    \(dataLine)
    - **training**: recipe `\(recipe)`, \(ReadableUnits.count(stepCount)) steps of \(batchCount) windows where a table
      says nothing else; \(seeds.count) \(seeds.count == 1 ? "seed" : "seeds"); \(instructionSet).
    - **bits per byte** and **perplexity** are of the test, the median over seeds, with the least and the largest.
    \(questionLine)- **against the first**: how many bits per byte more than the table's first student, and its 95 % \
    interval by a
      bootstrap over seeds and windows, paired. An interval that contains 0 shows no difference. With 3 seeds the
      interval is somewhat too narrow.
    - **flash** is the model's bytes\(flashNote); **RAM** is an engine's work memory at a full window, in bytes, \
    without its stack;
      **instructions** are of one byte of text on a \(board), by the model behind `alambic fit`. A GPT in
      int8 or 4bit is measured as its integer image, by the Swift twin of its engine, whose instructions were counted,
      too (`firmware/gpt`); 4bit is trained so, and tied is a GPT whose embedding is its output matrix, too.\
    \(matchedNote)\(floatNote)
    - **rates** are AdamW's and Muon's.

    """
  }

  private func hasRow(_ test: (Row) -> Bool) -> Bool { sections.contains { $0.rows.contains(where: test) } }

  private var matchedNote: String {
    guard hasRow({ $0.name.hasPrefix("gpt ") || $0.name.hasPrefix("gpt-tied ") }) else { return "" }
    return "\n  A GPT without a number in its name is matched to the first student's flash within 2 %."
  }

  private var floatNote: String {
    guard hasRow({ $0.name.hasSuffix(" float32") }) else { return "" }
    return "\n  No engine of Alambic runs a GPT in float32; its RAM is the sum of its arrays."
  }

  /// `windows of 64 tokens`.
  private var windowText: String { "windows of \(windowTokenCount) \(vocabulary == nil ? "bytes" : "tokens")" }

  private var dataLine: String {
    if let trainDocumentCount, let testDocumentCount {
      return "- **corpus**: \(text), \(ReadableUnits.count(trainDocumentCount)) documents to train on and "
        + "\(ReadableUnits.count(testDocumentCount)) to test on, each from its first byte in \(windowText) at most.\n"
        + tokenLine
    }
    let middle = isCorpus ? "" : " Between them lies a tenth that only the search for learning\n  rates sees."
    return
      "- **\(isCorpus ? "corpus" : "text")**: \(text), \(ReadableUnits.count(trainWindowCount ?? 0)) \(windowText) "
      + "to train on and \(ReadableUnits.count(testWindowCount ?? 0)) to test on.\(middle)\n" + tokenLine
  }

  private var flashNote: String { vocabulary == nil ? "" : ", its vocabulary's among them" }

  private var tokenLine: String {
    guard let vocabulary else { return "- **tokens** are bytes." }
    return
      "- **tokens** are everyone's the same: a vocabulary of \(vocabulary.text), learned from the part to train on; "
      + "\(bytesPerToken.rounded(toPlaces: 3)) bytes each on the test\(unknownNote)."
  }

  /// A byte that is only known to be unknown costs fewer bits than it is worth.
  private var unknownNote: String {
    unknownByteCount > 0 ? ", \(ReadableUnits.count(unknownByteCount)) of whose bytes are unknown" : ""
  }

  private var questionLine: String {
    guard let count = sections.first?.rows.first?.right?.first?.count else { return "" }
    return
      "- **wholly right** is how many of \(ReadableUnits.count(count)) held-out requests were answered wholly right, "
      + "the median over seeds, with the least and the largest.\n"
  }

  /// What a person reads before the tables.
  public var summary: String {
    let tokens = vocabulary.map {
      " of \(bytesPerToken.rounded(toPlaces: 2)) bytes; vocabulary of \($0.text)\(unknownNote)"
    }
    let documents = testDocumentCount.map { "\(ReadableUnits.count($0)) documents" }
    let windows = testWindowCount.map { ReadableUnits.count($0) + " " } ?? ""
    return "\(text): the test is \(documents.map { $0 + " in " } ?? windows)\(windowText)\(tokens ?? "")"
  }

  private func page(_ section: Section) -> String {
    let lines = ["## \(section.title)", "", section.note.prefix(1).uppercased() + section.note.dropFirst() + ".", ""]
    let claims = section.claims.map { "- \($0)." }
    return (lines + Self.table(section.headings, section.cells) + (claims.isEmpty ? [] : [""] + claims))
      .joined(separator: "\n") + "\n"
  }

  private static func table(_ headings: [(text: String, isNumber: Bool)], _ cells: [[String]]) -> [String] {
    [
      "| \(headings.map(\.text).joined(separator: " | ")) |",
      "|\(headings.map { $0.isNumber ? "--:" : "---" }.joined(separator: "|"))|",
    ] + cells.map { "| \($0.joined(separator: " | ")) |" }
  }

  private var peersPage: String {
    guard let peers else { return "" }
    let note = """
      ## Models of others

      Trained elsewhere, longer and on far more text of the kind, which may hold the test; in tokens of their own.
      Measured on the same test, each in windows of its own length. Flash is the file's bytes; of a llama2.c model it
      is what its weights take in 8 bits with a scale a row, with its tokens, while its loss is that of the floats.
      Instructions are by the same model as above, at a full window, whether or not the board has the RAM.\
      \(Self.omittedNote(peers))

      """
    return ([note] + Self.table(Peer.headings, peers.map(\.cells))).joined(separator: "\n") + "\n"
  }

  private static func omittedNote(_ peers: [Peer]) -> String {
    let marks = Comparison.distinct(peers.compactMap(\.omitted)).map { "`\($0)`" }
    guard !marks.isEmpty else { return "" }
    return "\nLeft out of the test for those who never read it, while students predict it: "
      + "\(marks.joined(separator: ", "))."
  }

  private var tuningPage: String {
    guard !tuning.isEmpty else { return "" }
    let lines = tuning.map { outcome in
      let best = outcome.trials.map(\.bitsPerByte).min() ?? .nan
      let rates = ([outcome.learningRate] + [outcome.muonLearningRate].compactMap(\.self))
        .map { String(format: "%.4g", Double($0)) }.joined(separator: " / ")
      return "| \(outcome.shape) | \(rates) | \(outcome.trials.count) | \(best.rounded(toPlaces: 3)) |"
    }
    return """
      ## Learning rates

      Each shape's own, by the same search on the validation windows with a seed that no table has.

      | shape | rates | trainings | best bits per byte, validation |
      |---|--:|--:|--:|
      \(lines.joined(separator: "\n"))

      """
  }

  /// `compare.svg`: every row's median and range, a colour a table.
  public var svg: String {
    let rows = sections.enumerated().flatMap { index, section in
      section.rows.map { row in
        IntervalChart.Row(
          "\(section.title): \(row.name)", row.median, row.range, note: row.median.rounded(toPlaces: 3), group: index)
      }
    }
    return IntervalChart(
      title: "Bits per byte of the test, median and range over \(seeds.count) seeds", axis: Axis("bits per byte"),
      rows: rows
    ).svg
  }
}
