import Basics
import Foundation
import HTTPTransport
import Testing

@Suite("When to try again")
struct RetryPolicyTests {
  @Test("waits grow, stay under their ceiling, and lose at most the jitter's share")
  func growth() {
    let policy = RetryPolicy(
      maximumAttemptCount: 10, firstDelaySeconds: 1, growth: 2, maximumDelaySeconds: 8, jitter: 0.5)
    for seed in 0..<50 {
      var generator = SeededGenerator(seed: UInt64(seed))
      for (attempt, full) in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (9, 8.0)] {
        let delay = policy.delay(afterAttempt: attempt, using: &generator) ?? -1
        #expect((full / 2...full).contains(delay))
      }
    }
  }

  @Test("the same seed waits the same")
  func determinism() {
    var first = SeededGenerator(seed: 3)
    var second = SeededGenerator(seed: 3)
    for attempt in 1...5 {
      #expect(
        RetryPolicy.standard.delay(afterAttempt: attempt, using: &first)
          == RetryPolicy.standard.delay(afterAttempt: attempt, using: &second))
    }
  }

  @Test("the last attempt is the last")
  func attempts() {
    var generator = SeededGenerator(seed: 0)
    let policy = RetryPolicy(maximumAttemptCount: 3)
    #expect(policy.delay(afterAttempt: 2, using: &generator) != nil)
    #expect(policy.delay(afterAttempt: 3, using: &generator) == nil)
    #expect(policy.delay(afterAttempt: 3, serverDelay: 1, using: &generator) == nil)
  }

  @Test("a server's wish counts, up to the limit of patience")
  func serverDelay() {
    var generator = SeededGenerator(seed: 0)
    let policy = RetryPolicy(maximumServerDelaySeconds: 60)
    #expect(policy.delay(afterAttempt: 1, serverDelay: 60, using: &generator) == 60)
    #expect(policy.delay(afterAttempt: 1, serverDelay: 61, using: &generator) == nil)
  }

  // 784111777 is the date that RFC 9110, section 5.6.7 gives in all three forms.
  @Test(
    "Retry-After is read as seconds and as each form of date",
    arguments: [
      ("Sun, 06 Nov 1994 08:49:37 GMT", 17.0), ("Sunday, 06-Nov-94 08:49:37 GMT", 17), ("Sun Nov  6 08:49:37 1994", 17),
      ("120", 120), ("0", 0), ("1.5", 1.5),
    ])
  func retryAfter(text: String, seconds: Double) {
    let headers: HTTPHeaders = ["Retry-After": text]
    #expect(headers.retryAfterSeconds(now: Date(timeIntervalSince1970: 784_111_760)) == seconds)
  }

  @Test("a date in the past means now")
  func past() {
    let headers: HTTPHeaders = ["Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"]
    #expect(headers.retryAfterSeconds() == 0)
  }

  @Test("milliseconds come first; nonsense counts as absent")
  func others() {
    let both: HTTPHeaders = ["Retry-After": "9", "Retry-After-Ms": "250"]
    #expect(both.retryAfterSeconds() == 0.25)
    let nonsense: HTTPHeaders = ["retry-after": "-3"]
    #expect(nonsense.retryAfterSeconds() == nil)
    let infinite: HTTPHeaders = ["retry-after": "inf"]
    #expect(infinite.retryAfterSeconds() == nil)
    let words: HTTPHeaders = ["retry-after": "soon, I hope"]
    #expect(words.retryAfterSeconds() == nil)
    #expect(HTTPHeaders().retryAfterSeconds() == nil)
  }
}
