extension Sample {
  /// A teacher's answer as the sample of its prompt.
  public init(_ answer: TeacherAnswer, to prompt: Prompt) {
    self.init(
      promptID: prompt.id, promptIndex: prompt.index, text: answer.text, finishReason: answer.finishReason,
      model: answer.model, usage: answer.usage)
  }
}
