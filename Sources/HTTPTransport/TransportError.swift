import Basics
import CCurl

/// Why no complete response came.
public struct TransportError: Error, Equatable, Sendable {
  public enum Reason: String, Sendable {
    case badRequest = "bad-request"
    case unknownHost = "unknown-host"
    case refused
    case secureConnection = "secure-connection"
    case timedOut = "timed-out"
    /// The connection ended before the response did.
    case dropped
    case tooLarge = "too-large"
    case cannotWrite = "cannot-write"
    case cancelled
    case other
  }

  public var reason: Reason
  /// What happened, with the server's address and no secrets.
  public var message: String
  /// Whether the request went out: the server may have done, and billed, what it was asked for.
  public var wasSent = false

  public init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }

  /// Whether the same request may succeed later.
  public var isTransient: Bool {
    switch reason {
    case .unknownHost, .refused, .timedOut, .dropped, .other: true
    case .badRequest, .secureConnection, .tooLarge, .cannotWrite, .cancelled: false
    }
  }

  /// The same for the console.
  public var hinted: HintedError {
    HintedError(message, hint: hint, status: reason == .badRequest ? .usage : .unavailable)
  }

  private var hint: String? {
    switch reason {
    case .badRequest: "addresses start with http:// or https://"
    case .unknownHost: "check the address's spelling and the network connection"
    case .refused: "start the server, or check the address and port"
    case .secureConnection: "check the server's certificate and this machine's clock and ca-certificates"
    case .timedOut: "the server may be busy; run the same command again to go on"
    case .dropped: "run the same command again to go on"
    case .tooLarge: "check that the address leads to what you expect"
    case .cannotWrite: "check the free space and the permissions of the folder"
    case .cancelled, .other: nil
    }
  }
}

extension TransportError {
  /// libcurl's result as a reason.
  init(code: CURLcode, detail: String, host: String) {
    let text = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
    let (reason, what) = Self.describe(code)
    self.init(reason, "\(what(host)): \(text)")
  }

  private static func describe(_ code: CURLcode) -> (Reason, (String) -> String) {
    switch code {
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: (.badRequest, { "cannot use the address of \($0)" })
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: (.unknownHost, { "cannot find the host \($0)" })
    case CURLE_COULDNT_CONNECT: (.refused, { "cannot connect to \($0)" })
    case CURLE_OPERATION_TIMEDOUT: (.timedOut, { "\($0) took too long" })
    case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2_STREAM, CURLE_HTTP2,
      CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
      (.dropped, { "\($0) broke off its answer" })
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE,
      CURLE_SSL_CIPHER:
      (.secureConnection, { "no secure connection to \($0)" })
    default: (.other, { "the exchange with \($0) failed" })
    }
  }
}
