import CCurl
import Foundation

extension HTTPHeaders {
  /// How many seconds the server asks to wait: `retry-after-ms` first, as OpenAI's own clients do, then `Retry-After`
  /// as seconds or as a date (RFC 9110, section 10.2.3). Nil when neither is there or readable.
  public func retryAfterSeconds(now: Date = Date()) -> Double? {
    if let value = self["retry-after-ms"].flatMap(Double.init), value.isFinite, value >= 0 { return value / 1000 }
    guard let text = self["retry-after"] else { return nil }
    if let seconds = Double(text) { return seconds.isFinite && seconds >= 0 ? seconds : nil }
    let date = curl_getdate(text, nil)
    return date < 0 ? nil : max(0, Double(date) - now.timeIntervalSince1970)
  }
}
