import Basics
import Curation
import Formats
import Foundation
import Lineage
import Workbench

extension StudioCalls {
  struct Evaluation: Encodable {
    struct Row: Encodable {
      var name: String
      var set: String
      var right: Proportion
    }
    /// The student's sets, then its baselines'.
    var rows: [Row]
    var wrong: [WrongAnswer]
  }

  func evaluation(_ request: CorpusRequest) throws -> Evaluation {
    let corpus = try CorpusFolder.open(request.corpus, in: workbench.folders)
    guard let score = try workbench.score(of: corpus.name) else {
      throw corpus.recipe.task.examination == nil
        ? StudioRefusal.nothingYet(
          "\(corpus.name) has no questions: its recipe has no `task`. See docs/guides/scoring.md.",
          command: "alambic corpus show \(corpus.name)")
        : StudioRefusal.nothingYet(
          "\(corpus.name) has no score yet.", command: "alambic make \(corpus.name) --until evaluate")
    }
    var rows = score.sets.map { Evaluation.Row(name: "student", set: $0.set.title, right: $0.right) }
    for baseline in score.baselines {
      rows += baseline.sets.map { Evaluation.Row(name: baseline.name, set: $0.set.title, right: $0.right) }
    }
    return Evaluation(rows: rows, wrong: try workbench.wrongAnswers(in: score, of: corpus.name))
  }

  struct Diversity: Encodable {
    struct Chart: Encodable {
      var title: String
      var svg: String
      /// What the picture says, for those who do not see it.
      var words: String
    }
    var textCount: Int
    var summary: String
    var alarms: [String]
    var charts: [Chart]
  }

  func diversity(_ request: CorpusRequest) async throws -> Diversity {
    let desk = try workbench.review(request.corpus)
    guard desk.isCurated else {
      throw StudioRefusal.nothingYet(
        "\(request.corpus) has no documents yet.", command: "alambic make \(request.corpus) --until curate")
    }
    let report = try await workbench.diversity(of: request.corpus)
    let charts = report.textCount == 0 ? [] : DiversityCharts.all(report)
    return Diversity(
      textCount: report.textCount, summary: DiversityCharts.summary(report), alarms: report.alarms,
      charts: charts.map { Diversity.Chart(title: $0.title, svg: $0.svg, words: $0.words) })
  }

  struct Runs: Encodable {
    struct Entry: Encodable {
      var name: String
      var model: String?
      var step: Int
      var stepCount: Int?
      var bitsPerByte: Double?
      var state: RunStatus.State
      /// SVG; nil before the first save.
      var curve: String?
    }
    var runs: [Entry]
  }

  func runs() throws -> Runs {
    let runs = RunStatus.all(in: workbench.workspace)
    guard !runs.isEmpty else {
      throw StudioRefusal.nothingYet("Nothing was trained here yet.", command: "alambic make NAME --until train")
    }
    return Runs(
      runs: runs.map { run in
        Runs.Entry(
          name: run.name, model: run.model, step: run.step, stepCount: run.stepCount, bitsPerByte: run.bitsPerByte,
          state: run.state, curve: run.curve)
      })
  }
}
