import Basics
import Foundation
import ScriptedTeacher
import TestSupport
import Testing

/// The judge of the demo's score, on the grammar that it judges by.
@Suite struct GrammarJudgeTests {
  private static func lines(_ exchange: Exchange) -> (request: String, reply: String) {
    let lines = exchange.text.split(separator: "\n").map(String.init)
    return (lines[0], lines.dropFirst().joined(separator: "\n"))
  }

  @Test func everyExchangeOfTheTeacherIsRight() throws {
    let grammar = try Grammars.thermostat()
    let teacher = ScriptedTeacher(grammar: grammar)
    let judge = GrammarJudge(grammar: grammar)
    for exchange in teacher.exchanges(seed: 5, count: 500) + teacher.heldOutRequests(count: 200, seed: 5) {
      let (request, reply) = Self.lines(exchange)
      #expect(judge.judge(request: request, reply: reply).isRight, "\(exchange.text)")
    }
  }

  @Test(
    arguments: [
      ("> set the kitchen to 21 degrees", "< Set the Kitchen to 21 C.", true),
      ("> set the kitchen to 21 degrees", "< Set the Attic to 21 C.", false),
      ("> set the kitchen to 21 degrees", "< Set the Kitchen to 22 C.", false),
      ("> set the kitchen to 21 degrees", "< I know no such room.", false),
      ("> set the kitchen to 45 degrees", "< I can set 15 to 26 degrees.", true),
      ("> set the kitchen to 45 degrees", "< Set the Kitchen to 25 C.", false),
      ("> how warm is the sauna?", "< I know no such room.", true),
      ("> how warm is the attic?", "< The Attic is at 20 C.", true),
      ("> how warm is the attic?", "< The Garage is at 20 C.", false),
      ("> raise the attic by 2 degrees", "< Made the Attic 2 degrees cooler.", false),
    ])
  func knownAnswers(request: String, reply: String, isRight: Bool) throws {
    let judgement = GrammarJudge(grammar: try Grammars.thermostat()).judge(request: request, reply: reply)
    #expect(judgement.isRight == isRight, "\(judgement)")
  }

  @Test func aRefusalIsTold() throws {
    let judge = GrammarJudge(grammar: try Grammars.thermostat())
    let refusal = judge.judge(request: "> order a pizza", reply: "< Sorry, I only control the heating.")
    #expect(refusal.canReply(as: "outcome", "refused"))
    let answer = judge.judge(request: "> order a pizza", reply: "< Set the Kitchen to 21 C.")
    #expect(answer.isFormed && !answer.isRight && !answer.canReply(as: "outcome", "refused"))
    #expect(!judge.judge(request: "> order a pizza", reply: "< Set the Pizza to 21 C.").isFormed)
  }

  /// The recognizer without what is held out is the teacher's own; `heldOutRequests` promise to be none of it.
  @Test func heldOutRequestsAreNeverTaught() throws {
    let teacher = ScriptedTeacher(grammar: try Grammars.thermostat())
    let taught = Set(teacher.exchanges(seed: 6, count: 20_000).map { Self.lines($0).request })
    let heldOut = teacher.heldOutRequests(count: 300, seed: 6)
    #expect(heldOut.count == 300)
    #expect(heldOut.allSatisfy { !taught.contains(Self.lines($0).request) })
  }

  @Test(arguments: ["off-topic", "out-of-range"])
  func noRequestOfTheListsIsSaid(name: String) throws {
    let text = String(
      decoding: try AtomicFile.read("\(PackageRoot.path)/Corpora/thermostat/words/\(name).txt"), as: UTF8.self)
    let requests = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { "> \($0)" }
    #expect(requests.count >= (name == "off-topic" ? 200 : 100) && Set(requests).count == requests.count)
    let taught = GrammarRecognizer(grammar: try Grammars.thermostat(), knowing: [])
    for request in requests { #expect(!taught.accepts(utteranceLine: request), "\(request)") }
  }

  @Test func noiseKeepsDigitsAndTheReply() throws {
    let grammar = try Grammars.thermostat()
    let noise = RequestNoise(grammar: grammar)
    var random = SeededGenerator(seed: 7)
    var changed = 0
    for exchange in ScriptedTeacher(grammar: grammar).exchanges(seed: 7, count: 300) {
      let typed = noise.mistyped(exchange.text, with: &random)
      let request = typed.prefix { !$0.isNewline }
      let was = exchange.text.prefix { !$0.isNewline }
      #expect(typed.dropFirst(request.count) == exchange.text.dropFirst(was.count))
      #expect(request.filter(\.isNumber) == was.filter(\.isNumber), "\(request)")
      if request != was { changed += 1 }
    }
    #expect(changed > 30)
  }
}
