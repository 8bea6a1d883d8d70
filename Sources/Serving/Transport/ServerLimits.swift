import Foundation

/// What one client may take of a server. Whoever passes a limit is refused or disconnected; everyone else is answered.
public struct ServerLimits: Hashable, Sendable {
  /// Connections at a time. One more closes the one that has kept the server waiting for longest.
  public var connections = 512
  /// Of a request's line and headers.
  public var headBytes = 32 << 10
  public var headerCount = 100
  /// A prompt is a page at most; a longer body is refused.
  public var bodyBytes = 1 << 20
  /// From the first byte of a request, or from the start of a connection, to the end of its headers.
  public var headSeconds = 10.0
  public var bodySeconds = 30.0
  /// Between two requests of a connection.
  public var idleSeconds = 60.0
  /// For each 64 KB that a client is sent.
  public var writeSeconds = 30.0

  public init() {}

  /// How long a client that was refused may take to hear of it.
  static let lingerSeconds = 2.0
  static let writeBytes = 64 << 10
}

extension ServerLimits {
  /// Takes no more connections than half of the descriptors that this process may have.
  public mutating func fitDescriptors() {
    var descriptors = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    guard getrlimit(resource, &descriptors) == 0 else { return }
    connections = max(1, min(connections, Int(clamping: descriptors.rlim_cur / 2)))
  }
}
