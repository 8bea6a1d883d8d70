import Basics
import Formats
import Foundation
import Model
import ScriptedTeacher

/// A llama2.c model as a teacher: it continues a text, up to the end of what it holds for one text.
///
/// Answers follow from the model, the prompt, the seed and the sampling alone, on one machine: exponentials are the C
/// library's.
struct LlamaTeacher: Respondent {
  let model: LlamaModel
  let tokenizer: LlamaTokenizer

  /// - Parameters: paths of the model and of its tokenizer.
  /// - Throws: `HintedError` for files that are missing or damaged.
  init(weights: String, tokenizer: String) throws {
    model = try LlamaModel(decoding: try AtomicFile.read(weights), name: weights)
    self.tokenizer = try LlamaTokenizer(
      decoding: try AtomicFile.read(tokenizer), count: model.shape.vocabularySize, name: tokenizer)
  }

  func reply(to question: TeacherQuestion) async throws -> TeacherAnswers {
    let prompt = tokenizer.encode(Array(question.messages.map(\.content).joined(separator: "\n\n").utf8))
    let room = model.shape.contextLength - 1 - prompt.count
    guard room > 0 else {
      throw QuestionRefusal(
        "the prompt has \(prompt.count) tokens; the model has positions for \(model.shape.contextLength)")
    }
    let limit = min(room, question.maxTokens ?? room)
    let random = SeededGenerator(seed: question.seed)
    var answers: [TeacherAnswers.Answer] = []
    for position in 0..<question.answerCount {
      var sampler = LlamaSampler(
        temperature: question.temperature, topP: question.topP, random: random.stream(UInt64(position)))
      answers.append(try await answer(to: prompt, limit: limit, question, &sampler))
    }
    return TeacherAnswers(promptTokenCount: prompt.count, answers: answers)
  }

  private func answer(
    to prompt: [Int], limit: Int, _ question: TeacherQuestion, _ sampler: inout LlamaSampler
  ) async throws -> TeacherAnswers.Answer {
    var engine = LlamaEngine(model: model)
    var logits = engine.step(LlamaTokenizer.start)
    for token in prompt { logits = engine.step(token) }
    var (tokens, isCut) = ([Int](), true)
    while tokens.count < limit {
      // So that others are served, too: an answer takes a tenth of a second.
      await Task.yield()
      try Task.checkCancellation()
      let token = sampler.next(logits)
      if LlamaTokenizer.ends.contains(token) {
        isCut = false
        break
      }
      tokens.append(token)
      if tokens.count < limit { logits = engine.step(token) }
    }
    // The space in front of a text is left out, but not one between a prompt and what follows.
    let whole = String(decoding: tokenizer.text(of: prompt + tokens).dropFirst(promptByteCount(prompt)), as: UTF8.self)
    let text = question.stopped(whole)
    return TeacherAnswers.Answer(text: text, isCut: isCut && text == whole, tokenCount: tokens.count)
  }

  private func promptByteCount(_ prompt: [Int]) -> Int { tokenizer.text(of: prompt).count }
}
