import HTTPTransport
import Lineage

/// Gets one request answered, on a task of its own; what all of an `ask`'s tasks share.
struct AskWorker: Sendable {
  let teacher: Teacher
  let store: any AnswerStore
  let pacer: Pacer
  let budget: Budget
  let onEvent: @Sendable (AskEvent) async -> Void
  let stop = StopSignal()

  /// What came of a request.
  enum Reply: Sendable {
    case new(TeacherAnswer)
    /// Another process got it answered meanwhile.
    case stored(TeacherAnswer)
    /// Another process is at it.
    case underWay
  }

  /// Runs apart from the surrounding task, so that its cancellation does not cut off an answer that may be paid for.
  func ask(_ prompt: Prompt, _ request: TeacherRequest) async -> Result<Reply, any Error> {
    let work = Task {
      try await teacher.answer(to: request, prompt: prompt, worker: self) { attempt, delay, failure in
        await onEvent(
          .retrying(promptIndex: prompt.index, attempt: attempt, delaySeconds: delay, detail: failure.detail))
      }
    }
    return await withTaskCancellationHandler {
      await work.result
    } onCancel: {
      stop.raise()
      Task {
        try await Task.sleep(for: .seconds(Teacher.graceSeconds))
        work.cancel()
      }
    }
  }
}
