import Basics
import FlyingFox
import FlyingSocks
import Foundation

extension HTTPResponse {
  static func json(_ value: some Encodable, status: HTTPStatusCode = .ok) throws -> HTTPResponse {
    let body = Data(try CanonicalJSON.encode(value))
    return HTTPResponse(statusCode: status, headers: [.contentType: "application/json"], body: body)
  }

  static func refusal(_ refusal: APIError, retryAfterSeconds: Int) -> HTTPResponse {
    // `JSONEncoder` fails on no value that a refusal holds; an empty body would still carry the status.
    let body = (try? CanonicalJSON.encode(["error": refusal.body])) ?? []
    var headers: HTTPHeaders = [.contentType: "application/json"]
    if refusal.status == 429 { headers[HTTPHeader("Retry-After")] = String(retryAfterSeconds) }
    return HTTPResponse(
      statusCode: HTTPStatusCode(refusal.status, phrase: refusal.body.type), headers: headers, body: Data(body))
  }

  /// A response whose connection closes before its body begins.
  static var dropped: HTTPResponse {
    HTTPResponse(statusCode: .ok, body: HTTPBodySequence(from: BrokenBody(), count: 1024))
  }
}

/// Promises bytes and fails on the first, upon which FlyingFox closes the connection.
private struct BrokenBody: AsyncBufferedSequence {
  typealias Element = UInt8

  struct Iterator: AsyncBufferedIteratorProtocol {
    mutating func next() async throws -> UInt8? { throw SocketError.disconnected }
    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? { throw SocketError.disconnected }
  }

  func makeAsyncIterator() -> Iterator { Iterator() }
}
