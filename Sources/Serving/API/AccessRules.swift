import Foundation

/// Who may ask: whoever has the key, and pages of which origins.
struct AccessRules: Sendable {
  /// Nil where none is wanted.
  var key: String?
  /// Pages of this origin may ask, or of any with `*`. Pages served from this machine always may.
  var allowedOrigin: String?

  /// - Throws: `APIError` for a request without the key.
  func check(_ request: ServedRequest) throws {
    guard let key else { return }
    let prefix = "bearer "
    guard let header = request.header("Authorization"), header.lowercased().hasPrefix(prefix),
      Self.isEqual(Array(header.utf8.dropFirst(prefix.utf8.count)), Array(key.utf8))
    else { throw APIError.noKey }
  }

  /// Takes as long for a key that is wrong at its end as for one that is wrong at its beginning.
  private static func isEqual(_ given: [UInt8], _ wanted: [UInt8]) -> Bool {
    guard given.count == wanted.count else { return false }
    return zip(given, wanted).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  func headers(for request: ServedRequest) -> [(name: String, value: String)] {
    guard let origin = request.header("Origin"), allows(origin) else { return [] }
    return [("Access-Control-Allow-Origin", origin), ("Vary", "Origin")]
  }

  func preflight(allowed methods: [String]) -> ServedResponse {
    ServedResponse(
      status: 204,
      headers: [
        ("Allow", methods.joined(separator: ", ")),
        ("Access-Control-Allow-Methods", methods.joined(separator: ", ")),
        ("Access-Control-Allow-Headers", "*, Authorization, Content-Type"), ("Access-Control-Max-Age", "600"),
      ], body: .bytes([]))
  }

  private func allows(_ origin: String) -> Bool {
    if let allowedOrigin, ["*", origin].contains(allowedOrigin) { return true }
    guard let host = URLComponents(string: origin)?.host else { return false }
    return ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host)
  }
}
