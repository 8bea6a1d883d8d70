/// One request. Time-outs and limits belong to it, since a download and a chat differ in them.
public struct HTTPRequest: Sendable {
  public enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
  }

  public var method: Method
  /// An `http` or `https` address.
  public var url: String
  public var headers: HTTPHeaders
  /// Sent with `post` only.
  public var body: [UInt8]
  public var timeouts: HTTPTimeouts
  /// A longer response is an error, and is not read to its end.
  public var responseByteLimit: Int
  /// Only for requests without secrets: a redirect may lead to another host.
  public var followsRedirects: Bool

  public init(
    _ method: Method = .get, url: String, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [],
    timeouts: HTTPTimeouts = HTTPTimeouts(), responseByteLimit: Int = 16 << 20, followsRedirects: Bool = false
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeouts = timeouts
    self.responseByteLimit = responseByteLimit
    self.followsRedirects = followsRedirects
  }
}

/// How long a server may take, in seconds.
public struct HTTPTimeouts: Hashable, Sendable {
  /// Until the connection stands, TLS included.
  public var connect: Double
  /// For the whole exchange; nil for no limit.
  public var total: Double?
  /// Without a single byte; nil for no limit. A model thinks silently before it answers, so chats rely on `total`.
  public var silence: Double?

  public init(connect: Double = 10, total: Double? = 300, silence: Double? = nil) {
    self.connect = connect
    self.total = total
    self.silence = silence
  }

  /// For large files: as long as it takes while bytes come.
  public static let download = HTTPTimeouts(connect: 15, total: nil, silence: 60)
}

/// What a server answered, whatever the status.
public struct HTTPResponse: Sendable {
  public var status: Int
  public var headers: HTTPHeaders
  public var body: [UInt8]

  public init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
