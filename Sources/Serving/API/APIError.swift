import Basics

/// A refusal in OpenAI's shape: `{"error": {"message", "type", "param", "code"}}`.
struct APIError: Error {
  var status: Int
  var message: String
  var type: String
  var param: String?
  var code: String?

  private init(
    _ status: Int, _ message: String, type: String = "invalid_request_error", param: String? = nil, code: String? = nil
  ) {
    self.status = status
    self.message = message
    self.type = type
    self.param = param
    self.code = code
  }

  var value: JSONValue {
    func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
    return .object([
      "error": .object(["message": .string(message), "type": .string(type), "param": text(param), "code": text(code)])
    ])
  }

  /// `JSONEncoder` fails on no value that a refusal holds; an empty body would still carry the status.
  var json: [UInt8] { (try? CanonicalJSON.encode(value)) ?? [] }

  /// What stands behind the status in a response's first line.
  var reason: String {
    switch status {
    case 400: "Bad Request"
    case 408: "Request Timeout"
    case 413: "Content Too Large"
    default: "Request Header Fields Too Large"
    }
  }
}

// MARK: - Requests that are wrong

extension APIError {
  static func malformed(_ message: String, parameter: String? = nil) -> APIError {
    APIError(400, message, param: parameter)
  }

  /// What the API has and this server does not.
  static func unsupported(_ message: String, parameter: String) -> APIError {
    APIError(400, message, param: parameter, code: "unsupported_parameter")
  }

  static func unknownField(_ name: String) -> APIError {
    APIError(400, "'\(name)' is not a field that this server knows", param: name, code: "unknown_parameter")
  }

  static func unknownModel(_ model: String, served: String) -> APIError {
    APIError(
      404, "the model '\(model)' does not exist here; this server has '\(served)'", param: "model",
      code: "model_not_found")
  }

  static func unknownPath(_ path: String) -> APIError {
    APIError(404, "there is nothing at '\(path)'", code: "unknown_url")
  }

  static func wrongMethod(_ method: String, _ path: String, allowed: [String]) -> APIError {
    APIError(405, "\(path) takes \(allowed.joined(separator: ", ")), not \(method)", code: "method_not_allowed")
  }

  static let noKey = APIError(
    401, "this server requires a key: send the header 'Authorization: Bearer' with it", code: "invalid_api_key")
}

// MARK: - Connections and loads

extension APIError {
  static func tooLarge(limit: Int) -> APIError { APIError(413, "the body has more than \(limit) bytes") }

  static func headTooLarge(limit: Int) -> APIError { APIError(431, "the headers have more than \(limit) bytes") }

  static func tooSlow(_ what: String, seconds: Double) -> APIError {
    APIError(408, "the server waited for \(what) for \(seconds) s", code: "request_timeout")
  }

  static let tooManyRequests = APIError(429, "too many requests", type: "requests", code: "rate_limit_exceeded")
  static let broken = APIError(500, "the server had an error", type: "server_error")
}
