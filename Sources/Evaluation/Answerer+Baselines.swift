import Lineage

extension Answerer {
  /// Gives the reply of the training request that shares the most letters with the question: what a table of all
  /// training documents would answer.
  public static func nearestRequest(of training: [Example]) -> Answerer {
    let index = TrigramIndex(training.map(\.request))
    let replies = training.map { firstLine(of: $0.reply) }
    return Answerer(name: "nearest request") { questions in
      var search = index.search()
      return questions.map { Reply(text: search.nearest(to: $0.request).map { replies[$0] } ?? "") }
    }
  }

  /// Gives the same reply to everything: the one that training says most often; of equals, the first.
  public static func mostFrequentReply(of training: [Example]) -> Answerer {
    var counts: [String: (count: Int, first: Int)] = [:]
    for (index, example) in training.enumerated() {
      counts[firstLine(of: example.reply), default: (0, index)].count += example.count
    }
    let best = counts.max { ($0.value.count, -$0.value.first) < ($1.value.count, -$1.value.first) }?.key ?? ""
    return Answerer(name: "most frequent reply") { $0.map { _ in Reply(text: best) } }
  }

  /// What a student's reply is, too: it ends with its line.
  private static func firstLine(of reply: String) -> String { String(reply.prefix { !$0.isNewline }) }
}
