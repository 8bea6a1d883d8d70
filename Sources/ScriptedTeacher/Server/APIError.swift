/// A refusal in OpenAI's shape: `{"error": {"message", "type", "param", "code"}}`.
struct APIError: Error {
  var status: Int
  var body: Body

  struct Body: Encodable {
    var message: String
    var type: String
    var param: String?
    var code: String?
  }

  private init(_ status: Int, _ message: String, type: String, param: String? = nil, code: String? = nil) {
    self.status = status
    body = Body(message: message, type: type, param: param, code: code)
  }

  static func malformed(_ message: String, parameter: String? = nil) -> APIError {
    APIError(400, message, type: "invalid_request_error", param: parameter)
  }

  static func tooLarge(limit: Int) -> APIError {
    APIError(413, "the body has more than \(limit) bytes", type: "invalid_request_error")
  }

  static func unknownModel(_ model: String, served: String) -> APIError {
    APIError(
      404, "the model '\(model)' does not exist here; this server has '\(served)'", type: "invalid_request_error",
      param: "model", code: "model_not_found")
  }

  static func unknownPath(_ path: String) -> APIError {
    APIError(404, "there is nothing at '\(path)'", type: "invalid_request_error", code: "unknown_url")
  }

  static let tooManyRequests = APIError(429, "too many requests", type: "requests", code: "rate_limit_exceeded")
  static let broken = APIError(500, "the server had an error", type: "server_error")
}
