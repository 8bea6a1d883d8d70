import Basics
import Formats
import Foundation
import TestSupport
import Testing

/// A score that a second teacher gives: 0.03 dollars a question, 0.2 at most and what the question has.
@Suite("A score by a teacher's judgement")
struct JudgedScoreTests {
  @Test("the limit is the whole run's, and what was judged before is not paid again", .needsEmulator)
  func limit() async throws {
    try await withTemporaryFolder { folder in
      try await withLoopbackServer { _ in
        ForeignTeacherTests.answer("yes")
      } _: { server in
        let project = try TinyProject(in: folder)
        try project.writeRecipe(
          task: """
            task:
              reply: after-first-line
              judge: teacher
              teacher: {name: examiner, prompt: "Right? {request} / {reply}"}
              questions: 6
            """)
        try AtomicFile.write(
          """
          schema: alambic.teacher/1
          name: examiner
          dialect: openai-chat
          endpoint: \(server.url)/v1
          model: any
          sampling: {maxTokens: 200}
          pricePerMillionTokens: {prompt: 1000, completion: 1000}
          outputsLicense: none

          """, to: "\(folder)/teachers/examiner.yaml")
        #expect(try await project("make tiny --until export").status == 0)
        let stopped = try await project("make tiny --until evaluate --spend-max 0.9")
        #expect(stopped.status == 75 && stopped.standardError.contains("budget of $0.9"), "\(stopped)")
        let count = server.requests.count
        // With a limit for each question apart, every one of them would have fitted.
        #expect(count > 8 && Double(count) * 0.03 <= 0.9)
        let made = try await project("make tiny --until evaluate")
        #expect(made.status == 0, "\(made)")
        #expect(server.requests.count > 30 && Set(server.requests.map(\.body)).count == server.requests.count)
        let path = project.path("scores/tiny/score.json")
        let score = try Score(reading: try AtomicFile.read(path), name: path)
        #expect(score.sets.allSatisfy { $0.right.share == 1 })
      }
    }
  }
}
