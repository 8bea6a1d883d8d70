/// Judges answers by the grammar of a scripted teacher: the right kind of answer, with the room and the number that
/// were asked for.
///
/// Requests and replies are whole lines with the marks of the corpus and without line ends (`> how warm is the
/// attic?`). A request is judged as the grammar says it: undo case and typos before, not here.
public struct GrammarJudge: Sendable {
  private let grammar: CompiledGrammar

  /// - Parameter grammar: its held-out phrasings and values are known, too.
  public init(grammar: Grammar) { self.grammar = CompiledGrammar(grammar.saying(.all)) }

  /// Whether the grammar can say a request, so that its answers can be judged.
  public func knows(request: String) -> Bool { !readings(of: request, isFirstEnough: true).isEmpty }

  /// - Parameter reply: the lines below the request.
  public func judge(request: String, reply: String) -> ExchangeJudgement {
    let readings = readings(of: request, isFirstEnough: false)
    let right = readings.first { $0.allows(reply, in: grammar) }
    let reading = right ?? readings.first
    let replyLabels = labels(ofReply: reply)
    return ExchangeJudgement(
      isFormed: !replyLabels.isEmpty, isRight: right != nil, labels: reading?.labels ?? [:],
      slots: reading?.namedSlots(repeatedIn: reply, grammar) ?? [], replyLabels: replyLabels)
  }

  /// For each way in which the grammar can say a reply, what it says about that exchange; none when it cannot.
  public func labels(ofReply reply: String) -> [[String: String]] {
    let lines = reply.lines
    var all: [[String: String]] = []
    for start in grammar.starts where start.lines.count == lines.count + 1 {
      let reading = RequestReading(start: start, values: nil, labels: start.labels)
      for labels in reading.labels(ofReply: lines, in: grammar) where !all.contains(labels) { all.append(labels) }
    }
    return all
  }

  private func readings(of request: String, isFirstEnough: Bool) -> [RequestReading] {
    let text = Array(request.utf8)
    return grammar.starts.flatMap { start in
      var matcher = GrammarMatcher(grammar, below: start, text: text, isFirstEnough: isFirstEnough)
      return (start.lines.first.map { matcher.run($0) } ?? []).map {
        RequestReading(start: start, values: $0.values, labels: $0.labels)
      }
    }
  }
}

/// One way to read a request: the alternative of the start rule, and the slots that it bound.
private struct RequestReading {
  var start: CompiledGrammar.Start
  /// As in `GrammarMatcher.Derivation`; nil leaves all slots free.
  var values: [Int]?
  var labels: [String: String]

  func allows(_ reply: String, in grammar: CompiledGrammar) -> Bool {
    let lines = reply.lines
    return start.lines.count == lines.count + 1 && !labels(ofReply: lines, in: grammar).isEmpty
  }

  /// The labels of every way to say the lines after this request.
  func labels(ofReply lines: [[UInt8]], in grammar: CompiledGrammar) -> [[String: String]] {
    var readings = [(values: values, labels: labels)]
    for (line, pieces) in zip(lines, start.lines.dropFirst()) {
      readings = readings.flatMap { reading in
        var matcher = GrammarMatcher(grammar, below: start, text: line, values: reading.values, isFirstEnough: false)
        return matcher.run(pieces).map { found in
          (values: found.values, labels: reading.labels.merging(found.labels) { first, _ in first })
        }
      }
    }
    return readings.map(\.labels)
  }

  func namedSlots(repeatedIn reply: String, _ grammar: CompiledGrammar) -> [ExchangeJudgement.NamedSlot] {
    guard let values else { return [] }
    return grammar.slots.indices.filter { values[$0] >= 0 }.map { slot in
      let value = grammar.slots[slot].values[values[slot]]
      return .init(
        name: grammar.slots[slot].name, value: value,
        isToBeRepeated: start.slotMap.indices.contains { start.slotMap[$0] == slot && start.isRepeated[$0] },
        isRepeated: reply.saysWhole(value))
    }
  }
}

extension String {
  fileprivate var lines: [[UInt8]] {
    isEmpty ? [] : split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf8) }
  }
}
