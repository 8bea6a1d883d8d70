extension Sample {
  /// A teacher's answer as the sample of its prompt; of an answer in JSON, the text that the recipe makes of it.
  /// - Parameters:
  ///   - answer: of the teacher.
  ///   - prompt: what it answers.
  ///   - keepsPrompt: whether the text begins with what was asked. The id stays that of the answer, which the ledger
  ///     knows it by.
  public init(_ answer: TeacherAnswer, to prompt: Prompt, keepsPrompt: Bool = false) {
    self.init(
      promptID: prompt.id, promptIndex: prompt.index, text: answer.text, finishReason: answer.finishReason,
      model: answer.model, usage: answer.usage)
    if let format = prompt.format { text = format.text(of: answer.text) }
    if keepsPrompt { text = prompt.text + text }
  }
}
