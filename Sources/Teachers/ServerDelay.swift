import Foundation
import HTTPTransport

extension HTTPResponse {
  /// How many seconds the server asks to wait: its `Retry-After`; else when the limit that is used up is reset, as
  /// OpenAI and Anthropic say it; else what the message says ("try again in 1.2s"). Nil where it does not say.
  func serverDelaySeconds(_ message: String, now: Date = Date()) -> Double? {
    headers.retryAfterSeconds(now: now) ?? resetSeconds(now: now) ?? Self.delay(said: message)
  }

  /// The latest reset of the limits of which nothing remains.
  private func resetSeconds(now: Date) -> Double? {
    let kinds = ["requests", "tokens", "input-tokens", "output-tokens"]
    let resets = kinds.flatMap { kind in
      [
        ("x-ratelimit-remaining-\(kind)", "x-ratelimit-reset-\(kind)"),
        ("anthropic-ratelimit-\(kind)-remaining", "anthropic-ratelimit-\(kind)-reset"),
      ]
    }
    return resets.compactMap { remaining, reset in
      guard let left = headers[remaining].flatMap(Double.init), left <= 0 else { return nil }
      return headers[reset].flatMap { Self.seconds($0) ?? Self.seconds(until: $0, now: now) }
    }.max()
  }

  /// `6m0s`, `1.5s`, `12ms`, or plain seconds.
  static func seconds(_ text: String) -> Double? {
    if let plain = Double(text) { return plain.isFinite && plain >= 0 ? plain : nil }
    var (total, rest) = (0.0, Substring(text))
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isNumber || $0 == "." }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let number = Double(digits),
        let size = ["ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400][String(unit)]
      else { return nil }
      total += number * size
    }
    return text.isEmpty ? nil : total
  }

  /// A date of RFC 3339.
  private static func seconds(until text: String, now: Date) -> Double? {
    (try? Date(text, strategy: .iso8601)).map { max(0, $0.timeIntervalSince(now)) }
  }

  private static func delay(said message: String) -> Double? {
    guard let found = message.firstMatch(of: /try again in (\d[\d.]*(?:ms|s|m|h)(?:\d[\d.]*(?:ms|s))?)/.ignoresCase())
    else { return nil }
    return seconds(found.1.lowercased())
  }
}
