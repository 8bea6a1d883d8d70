import Basics
import CCurl
import Foundation

/// One exchange in libcurl: an easy handle, what it has received, and who waits for it.
///
/// Made by the caller, then used by the transfer thread alone; `@unchecked Sendable` because that hand-over is the only
/// one, through a lock.
final class Transfer: @unchecked Sendable {
  typealias Outcome = Result<HTTPResponse, TransportError>

  let id = UUID()
  let handle: UnsafeMutableRawPointer
  private let host: String
  private let sink: any TransferSink
  private let finish: @Sendable (Outcome) -> Void
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private var headers = HTTPHeaders()
  private var fault: TransportError?
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  init(_ request: HTTPRequest, sink: any TransferSink, finish: @escaping @Sendable (Outcome) -> Void)
    throws(TransportError)
  {
    let address = try Address(request.url)
    guard let handle = curl_easy_init() else { throw TransportError(.other, "libcurl has no memory for a transfer") }
    self.handle = handle
    self.sink = sink
    self.finish = finish
    host = address.host
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    configure(request, address: address)
    try setHeaders(request.headers)
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(headerList)
    errorText.deallocate()
  }

  /// Tells the waiting task how libcurl ended.
  func end(with code: CURLcode) {
    if let fault { return end(with: fault) }
    guard code == CURLE_OK else {
      return end(with: TransportError(code: code, detail: String(cString: errorText), host: host))
    }
    finish(.success(HTTPResponse(status: status, headers: headers, body: (sink as? MemorySink)?.bytes ?? [])))
  }

  /// Tells the waiting task that nothing more will come.
  func end(with error: TransportError) {
    var error = error
    error.wasSent = sentByteCount > 0
    finish(.failure(error))
  }

  /// Of the request, head and body.
  private var sentByteCount: Int {
    var value = 0
    curl_shim_get_long(handle, CURLINFO_REQUEST_SIZE, &value)
    return value
  }

  private var status: Int {
    var value = 0
    curl_shim_get_long(handle, CURLINFO_RESPONSE_CODE, &value)
    return value
  }
}

// MARK: - What libcurl calls while bytes arrive

extension Transfer {
  /// The count that libcurl takes as "go on", or 0 to stop the transfer.
  fileprivate func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    do {
      try sink.receive(bytes, status: status, headers: headers)
      return bytes.count
    } catch {
      fault = error
      return 0
    }
  }

  fileprivate func receiveHeaderLine(_ bytes: UnsafeRawBufferPointer) -> Int {
    let line = String(decoding: bytes, as: UTF8.self)
    // Each response of a chain of redirects starts with a status line; only the last one's fields count.
    if line.hasPrefix("HTTP/") { headers = HTTPHeaders() }
    if let colon = line.firstIndex(of: ":"), !line.hasPrefix("HTTP/") {
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines)
      headers.append(String(line[..<colon]), value)
    }
    return bytes.count
  }

  static func from(_ context: UnsafeMutableRawPointer) -> Transfer {
    Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  }
}

private let bodyCallback: curl_shim_data_callback = { bytes, size, count, context in
  guard let context else { return 0 }
  return Transfer.from(context).receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private let headerCallback: curl_shim_data_callback = { bytes, size, count, context in
  guard let context else { return 0 }
  return Transfer.from(context).receiveHeaderLine(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

// MARK: - Options

extension Transfer {
  private func configure(_ request: HTTPRequest, address: Address) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    curl_shim_set_text(handle, CURLOPT_URL, request.url)
    // Signals cannot be used in a process with threads.
    curl_shim_set_long(handle, CURLOPT_NOSIGNAL, 1)
    curl_shim_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
    curl_shim_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    curl_shim_set_text(handle, CURLOPT_USERAGENT, "alambic/\(AlambicVersion.current)")
    // A server of this machine is never behind the proxy that the environment names.
    if address.isLoopback { curl_shim_set_text(handle, CURLOPT_PROXY, "") }
    curl_shim_set_callback(handle, CURLOPT_WRITEFUNCTION, bodyCallback)
    curl_shim_set_pointer(handle, CURLOPT_WRITEDATA, context)
    curl_shim_set_callback(handle, CURLOPT_HEADERFUNCTION, headerCallback)
    curl_shim_set_pointer(handle, CURLOPT_HEADERDATA, context)
    curl_shim_set_pointer(handle, CURLOPT_PRIVATE, context)
    setTimeouts(request.timeouts)
    if request.followsRedirects { followRedirects(from: address.scheme) }
    if request.method == .post { setBody(request.body) }
  }

  private func setTimeouts(_ timeouts: HTTPTimeouts) {
    func milliseconds(_ seconds: Double) -> Int { Int(min(max(seconds, 0.001), 1e6) * 1000) }
    curl_shim_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(timeouts.connect))
    if let total = timeouts.total { curl_shim_set_long(handle, CURLOPT_TIMEOUT_MS, milliseconds(total)) }
    if let silence = timeouts.silence {
      curl_shim_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
      curl_shim_set_long(handle, CURLOPT_LOW_SPEED_TIME, max(1, milliseconds(silence) / 1000))
    }
  }

  private func followRedirects(from scheme: String) {
    curl_shim_set_long(handle, CURLOPT_FOLLOWLOCATION, 1)
    curl_shim_set_long(handle, CURLOPT_MAXREDIRS, 10)
    // Never from a secure connection to an open one.
    curl_shim_set_text(handle, CURLOPT_REDIR_PROTOCOLS_STR, scheme == "https" ? "https" : "http,https")
  }

  private func setBody(_ body: [UInt8]) {
    curl_shim_set_long(handle, CURLOPT_POST, 1)
    curl_shim_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
    body.withUnsafeBytes { bytes in
      let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      // An empty body still needs a pointer, or libcurl reads from standard input.
      if let start { curl_shim_set_text(handle, CURLOPT_COPYPOSTFIELDS, start) } else { setEmptyBody() }
    }
  }

  private func setEmptyBody() { curl_shim_set_text(handle, CURLOPT_COPYPOSTFIELDS, "") }

  private func setHeaders(_ headers: HTTPHeaders) throws(TransportError) {
    // An empty value removes libcurl's own header: no waiting for "100 Continue".
    var lines = ["Expect:"]
    for field in headers.fields {
      guard !"\(field.name)\(field.value)".utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
        // The value may be a key, so it is not shown.
        throw TransportError(.badRequest, "the header \(field.name.prefix(40)) holds a control character")
      }
      lines.append("\(field.name): \(field.value)")
    }
    for line in lines { headerList = curl_slist_append(headerList, line) }
    curl_shim_set_list(handle, CURLOPT_HTTPHEADER, headerList)
  }
}
