import Foundation

/// The parts of a request's address that decide how it is treated, and that a message may show.
struct Address {
  let scheme: String
  /// Host and port, without user and password.
  let host: String
  let isLoopback: Bool

  /// - Throws: `TransportError` for anything but a plain http or https address.
  init(_ text: String) throws(TransportError) {
    guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }), let parts = URLComponents(string: text) else {
      throw TransportError(.badRequest, "not an address: a space, a control character or a syntax error in it")
    }
    guard let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme) else {
      throw TransportError(.badRequest, "refusing the address '\(text.prefix(80))': only http and https are spoken")
    }
    guard let name = parts.host, !name.isEmpty else {
      throw TransportError(.badRequest, "the address '\(text.prefix(80))' has no host")
    }
    self.scheme = scheme
    host = parts.port.map { "\(name):\($0)" } ?? name
    isLoopback = ["localhost", "127.0.0.1", "::1", "[::1]"].contains(name.lowercased())
  }
}
