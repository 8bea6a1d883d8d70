import Basics
import Lineage
import Networks

/// The report as a page that a person reads: one HTML file, no script, nothing fetched.
public struct ReportPage: Sendable {
  private let report: VerificationReport
  private let score: Score?

  /// - Parameters:
  ///   - report: what the page says.
  ///   - score: of the same image; nil where nobody judged it.
  public init(_ report: VerificationReport, score: Score? = nil) {
    self.report = report
    self.score = score
  }

  /// The file's text.
  public var html: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Verification: \(verdictTitle)</title>
    <style>
    \(Self.style)
    </style>
    </head>
    <body>
    <main>
    \(headline)
    \(score.map { ScoreSections(score: $0).html } ?? "")
    \(differences)
    \(textDifferences)
    \(contenders)
    \(score == nil ? samples : "")
    \(facts)
    </main>
    </body>
    </html>

    """
  }

  private var verdictTitle: String {
    switch report.verdict {
    case .equal: "every bit equal"
    case .different: "bits differ"
    case .notFinite: "logits are not finite"
    }
  }

  private var headline: String {
    let isGood = report.verdict == .equal
    var figures: [(String, String)] = [
      (ReadableUnits.count(report.differingLogitCount), "differing logits"),
      (ReadableUnits.count(report.comparedLogitCount), "logits compared"),
      ("\(report.contenders.count)", "contenders"),
      ("\(report.vectors.promptCount) × \(report.vectors.generatedByteCount)", "prompts × bytes"),
    ]
    if let texts = report.texts {
      figures.append((ReadableUnits.count(texts.differingTokenCount), "differing tokens"))
      figures.append((ReadableUnits.count(texts.comparedTokenCount), "tokens compared"))
    }
    let cards = figures.map { "<div><b>\($0.0)</b><span>\($0.1)</span></div>" }.joined(separator: "\n")
    return """
      <header class="\(isGood ? "good" : "bad")">
      <p>Alambic verification</p>
      <h1>\(verdictTitle.prefix(1).uppercased() + verdictTitle.dropFirst())</h1>
      <p>\(verdictSentence)</p>
      </header>
      <section class="figures">
      \(cards)
      </section>
      """
  }

  private var verdictSentence: String {
    let reference = HTML.escape(report.reference.name)
    switch report.verdict {
    case .equal:
      let texts = report.texts == nil ? "" : " Each text becomes the same tokens, and these the same bytes."
      return "All 32 bits of every logit, at every position, and every byte chosen are the same in \(reference) "
        + "and in each contender.\(texts)"
    case .different:
      let names = report.contenders.filter { !$0.isEqual }.map { HTML.escape($0.name) }
      return "Departs from \(reference): \(names.joined(separator: ", "))."
    case .notFinite:
      let count = ReadableUnits.count(report.reference.nonFiniteLogitCount)
      return "\(count) logits are infinite or not numbers; the model cannot be trusted."
    }
  }
}

// MARK: - Sections

extension ReportPage {
  /// Where each departing contender first departs.
  private var differences: String {
    let rows = report.contenders.compactMap { contender in
      contender.firstDifference.map { difference in
        let what = difference.quantity == .logit ? "logit of byte" : "choice instead of byte"
        return HTML.row([
          HTML.escape(contender.name), "\(difference.promptIndex)", "\(difference.position)",
          "\(what) \(difference.byte)", "<code>\(HTML.escape(difference.expected))</code>",
          "<code>\(HTML.escape(difference.found))</code>",
        ])
      }
    }
    guard !rows.isEmpty else { return "" }
    return HTML.section(
      "First differences",
      HTML.table(["Contender", "Prompt", "Position", "Quantity", "Expected bits", "Found bits"], rows))
  }

  /// Where each departing contender first encodes or decodes otherwise.
  private var textDifferences: String {
    let rows = report.contenders.compactMap { contender in
      contender.texts?.firstDifference.map { difference in
        HTML.row([
          HTML.escape(contender.name), "\(difference.textIndex)", "\(difference.position)",
          difference.token.map { "bytes of token \($0)" } ?? "tokens",
          "<code>\(HTML.escape(difference.expected))</code>", "<code>\(HTML.escape(difference.found))</code>",
        ])
      }
    }
    guard !rows.isEmpty else { return "" }
    return HTML.section(
      "First differences of tokens",
      HTML.table(["Contender", "Text", "Byte", "Quantity", "Expected", "Found"], rows))
  }

  private var contenders: String {
    let rows = report.contenders.map { contender in
      let firmware = contender.firmware.map {
        "\(HTML.escape($0.board)): \(ReadableUnits.count($0.flashByteCount)) bytes of flash, "
          + "\(ReadableUnits.count($0.ramByteCount)) of RAM"
      }
      let window = contender.contextLength.map { "context of \($0) positions: the board has no room for more" }
      let notes = contender.tools.map(HTML.escape) + [firmware, window].compactMap(\.self)
      let cells = [
        "<strong>\(HTML.escape(contender.name))</strong>" + notes.map { "<small>\($0)</small>" }.joined(),
        contender.flags.isEmpty ? "" : "<code>\(HTML.escape(contender.flags))</code>",
        ReadableUnits.count(contender.comparedLogitCount),
        ReadableUnits.count(contender.differingLogitCount),
      ]
      let verdict =
        "<mark class=\"\(contender.isEqual ? "good" : "bad")\">\(contender.isEqual ? "equal" : "differs")</mark>"
      return HTML.row(cells + (contender.texts.map(tokenCells) ?? []) + [verdict])
    }
    return HTML.section(
      "Contenders",
      "<p>Compared with \(HTML.escape(report.reference.name)).</p>\n"
        + HTML.table(["Contender", "Flags", "Compared", "Differing"] + tokenHeadings + ["Verdict"], rows))
  }

  private var tokenHeadings: [String] { report.texts == nil ? [] : ["Tokens", "Differing"] }

  private func tokenCells(_ texts: VerificationReport.TextComparison) -> [String] {
    [ReadableUnits.count(texts.comparedTokenCount), ReadableUnits.count(texts.differingTokenCount)]
  }

  private var samples: String {
    guard !report.samples.isEmpty else { return "" }
    let items = report.samples.map {
      "<li><span>\(HTML.visible($0.prompt))</span><b>\(HTML.visible($0.generated))</b></li>"
    }
    return HTML.section(
      "What the model says",
      "<p>Prompt, and its continuation.</p>\n<ol>\n\(items.joined(separator: "\n"))\n</ol>")
  }

  /// How the bytes were chosen.
  private var choices: String {
    guard let sampling = report.vectors.sampling, let count = report.vectors.sampledPromptCount else { return "greedy" }
    return "greedy for \(report.vectors.promptCount - count) prompts; sampled for \(count): \(sampling)"
  }

  /// What is encoded and decoded.
  private var texts: String {
    guard let count = report.vectors.textCount, let byteCount = report.vectors.textByteCount else {
      return "none: bytes are what the model reads"
    }
    return "\(ReadableUnits.count(count)), of \(ReadableUnits.count(byteCount)) bytes"
  }

  private var facts: String {
    let pairs: [(String, String)] = [
      ("Image", "<code>\(report.image.id)</code>, \(ReadableUnits.count(report.image.byteCount)) bytes"),
      ("Shape", "<code>\(HTML.escape(report.image.shape.description))</code>"),
      ("Made from", report.image.provenance.map { "<code>\($0)</code>" } ?? "not stated"),
      ("Vectors", "<code>\(report.vectors.id)</code>, context of \(report.vectors.contextLength) positions"),
      ("Choices", choices),
      ("Texts", texts),
      ("Reference transcript", "<code>\(report.reference.transcriptID)</code>"),
      ("Alambic", HTML.escape(report.alambicVersion)),
    ]
    let list = pairs.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" }.joined(separator: "\n")
    return HTML.section("Identity", "<dl>\n\(list)\n</dl>")
  }
}
