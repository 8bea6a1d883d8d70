import Basics
import Evaluation
import Formats
import Foundation
import Lineage

/// A wrong answer of a corpus's student, beside what training said of the like.
public struct WrongAnswer: Codable, Sendable {
  public struct Neighbour: Codable, Sendable {
    public var id: ContentID
    public var text: String
    /// Of trigrams in common with the request, 0 to 1.
    public var share: Double
  }

  public var answer: Score.Answer
  /// Training documents, best first.
  public var nearest: [Neighbour]
}

extension Workbench {
  /// The corpus's newest score; nil where it has none.
  /// - Throws: `HintedError` for a damaged file.
  public func score(of corpus: String) throws -> Score? {
    let path = "\(workspace.score(corpus))/\(Score.fileName)"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try Score(reading: try AtomicFile.read(path), name: path)
  }

  /// The wrong answers that a score keeps, each with the training documents whose requests are most like its own.
  public func wrongAnswers(in score: Score, of corpus: String, neighbourCount: Int = 3) throws -> [WrongAnswer] {
    let boundary = try CorpusFolder.open(corpus, in: folders).recipe.task.reply
    let path = workspace.documentsFile(corpus)
    let documents = FileManager.default.fileExists(atPath: path) ? try RecordFile.read(Document.self, path) : []
    let training = documents.filter { $0.split == .train }
    let requests = training.map { document in
      boundary.flatMap { Example(text: document.text, boundary: $0) }?.request ?? document.text
    }
    var search = TrigramIndex(requests).search()
    return score.wrongAnswers.map { answer in
      let found = search.nearest(to: answer.request, count: neighbourCount)
      return WrongAnswer(
        answer: answer,
        nearest: found.map {
          WrongAnswer.Neighbour(id: training[$0.place].id, text: training[$0.place].text, share: $0.share)
        })
    }
  }
}
