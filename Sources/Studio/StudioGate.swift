import Serving

/// Who may ask, and from where. A page of another site may send requests to this machine, and a name that it owns may
/// point here: neither knows the token, and neither gets past these checks.
struct StudioGate: Sendable {
  let token: String

  static let tokenHeader = "X-Alambic-Token"

  /// For every request: it must have been sent to this machine by name, whatever DNS says of other names.
  func checkHost(_ request: ServedRequest) throws {
    guard let host = request.header("Host")?.lowercased(), Self.isLoopback(host) else {
      throw StudioRefusal(421, "the studio answers to 127.0.0.1 and localhost alone")
    }
  }

  /// For every request that reads or changes something of the workspace.
  func checkCall(_ request: ServedRequest) throws {
    guard request.method == "POST" else { throw StudioRefusal(405, "calls are sent by POST") }
    guard let given = request.header(Self.tokenHeader), Self.isEqual(given, token) else {
      throw StudioRefusal(
        401, "this page has no valid token", hint: "open the address that `alambic studio` printed")
    }
    guard isOfThisPage(request) else { throw StudioRefusal(403, "the request comes from another page") }
    guard request.header("Content-Type")?.lowercased().hasPrefix("application/json") == true else {
      throw StudioRefusal(415, "the body has to be application/json")
    }
  }

  /// Browsers say truly where a request comes from; what says nothing is not the studio's page.
  private func isOfThisPage(_ request: ServedRequest) -> Bool {
    let (origin, site) = (request.header("Origin")?.lowercased(), request.header("Sec-Fetch-Site")?.lowercased())
    if let site, site != "same-origin" { return false }
    if let origin { return origin == "http://" + (request.header("Host") ?? "").lowercased() }
    return site != nil
  }

  private static func isLoopback(_ host: String) -> Bool {
    let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
    let port = host.dropFirst(name.count)
    let isPort = port.isEmpty || (port.first == ":" && UInt16(port.dropFirst()) != nil)
    return ["127.0.0.1", "localhost", "[::1]"].contains(String(name)) && isPort
  }

  /// Takes as long for a token that is wrong at its end as for one that is wrong at its beginning.
  private static func isEqual(_ given: String, _ wanted: String) -> Bool {
    let (given, wanted) = (Array(given.utf8), Array(wanted.utf8))
    guard given.count == wanted.count else { return false }
    return zip(given, wanted).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

/// Why a request is not done.
struct StudioRefusal: Error {
  var status: Int
  var message: String
  var hint: String?

  init(_ status: Int, _ message: String, hint: String? = nil) {
    self.status = status
    self.message = message
    self.hint = hint
  }

  /// What is not there yet, and the command that makes it: pages show it instead of an error.
  static func nothingYet(_ message: String, command: String) -> StudioRefusal {
    StudioRefusal(404, message, hint: command)
  }
}
