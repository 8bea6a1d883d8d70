import Basics
import Lineage

/// The part of a report's page that shows a score: sets beside baselines, labels and slots, wrong answers.
struct ScoreSections {
  let score: Score

  var html: String { [sets, groups, samples, wrongAnswers].filter { !$0.isEmpty }.joined(separator: "\n") }

  private var sets: String {
    let rows = score.sets.map { result in
      HTML.row(
        [
          HTML.escape(result.set.title), ReadableUnits.count(result.right.count),
          "<b>\(result.right.percent) %</b><small>\(result.right.intervalInPercent)</small>",
          result.set.isInDomain ? ReadableUnits.count(result.wrongRefusalCount) : "",
        ] + score.baselines.map { $0[result.set].map { "\($0.right.percent) %" } ?? "" })
    }
    let headings = ["Questions", "Asked", "Wholly right", "Wrongly refused"] + score.baselines.map(\.name)
    return HTML.section(
      "Score",
      "<p>Judged by \(score.judge.rawValue), answered by the \(HTML.escape(score.engine)); below each share its "
        + "95 % interval.</p>\n" + HTML.table(headings, rows) + again)
  }

  /// What an emulated core said to the same questions.
  private var again: String { score.emulated.map { "\n<p>\(HTML.escape($0.summary)).</p>" } ?? "" }

  /// Labels and slots of the first set.
  private var groups: String {
    guard let first = score.sets.first else { return "" }
    return [("By kind of request", first.labels), ("Values that came back", first.slots)].compactMap { title, groups in
      guard !groups.isEmpty else { return nil }
      let rows = groups.map {
        HTML.row([HTML.escape($0.name), ReadableUnits.count($0.right.count), "\($0.right.percent) %"])
      }
      return HTML.section("\(title), \(first.set.title)", HTML.table(["", "Count", "Right"], rows))
    }.joined(separator: "\n")
  }

  private var samples: String { answers("What the model says", score.samples) }

  private var wrongAnswers: String { answers("Wrong answers", score.wrongAnswers) }

  private func answers(_ title: String, _ answers: [Score.Answer]) -> String {
    guard !answers.isEmpty else { return "" }
    let rows = answers.map { answer in
      let expected = answer.expected.map { "<small>expected: \(HTML.visible($0))</small>" } ?? ""
      return HTML.row([
        HTML.escape(answer.set.title),
        "\(HTML.visible(answer.request.withoutLastLineEnd))<br><b>\(HTML.visible(answer.reply))</b>\(expected)",
        HTML.escape(answer.reason.rawValue),
      ])
    }
    return HTML.section(title, HTML.table(["Questions", "Request and reply", "Verdict"], rows))
  }
}

extension String {
  fileprivate var withoutLastLineEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
