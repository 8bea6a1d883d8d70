import Basics
import Foundation

/// The system calls below `LoopbackServer`.
enum LoopbackSocket {
  #if canImport(Glibc)
    static let streamType = Int32(SOCK_STREAM.rawValue)
    static let sendFlags = Int32(MSG_NOSIGNAL)
  #else
    static let streamType = SOCK_STREAM
    static let sendFlags: Int32 = 0
  #endif

  /// A listening socket on a port that the system chooses.
  static func listen() throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, streamType, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(descriptor, generic, length) == 0 && Foundation.listen(descriptor, 64) == 0
          && getsockname(descriptor, generic, &length) == 0
      }
    }
    guard isListening else { throw HintedError("cannot listen on loopback: \(String(cString: strerror(errno)))") }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  /// A port that nobody listens on; somebody might, before it is used.
  static func freePort() throws -> UInt16 {
    let (descriptor, port) = try listen()
    close(descriptor)
    return port
  }

  static func acceptConnection(on listener: Int32) -> Int32? {
    let connection = accept(listener, nil, nil)
    return connection >= 0 ? connection : nil
  }

  static func shutDown(_ descriptor: Int32) { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

  static func readRequest(from connection: Int32) -> LoopbackServer.Request? {
    var bytes: [UInt8] = []
    while true {
      if let head = head(of: bytes) {
        let length = head.headers["content-length"].flatMap(Int.init) ?? 0
        if bytes.count >= head.bodyStart + length {
          return LoopbackServer.Request(
            method: head.method, path: head.path, headers: head.headers,
            body: Array(bytes[head.bodyStart..<head.bodyStart + length]), number: 0)
        }
      }
      var piece = [UInt8](repeating: 0, count: 65_536)
      let count = recv(connection, &piece, piece.count, 0)
      guard count > 0 else { return nil }
      bytes += piece[..<count]
    }
  }

  private static func head(
    of bytes: [UInt8]
  ) -> (method: String, path: String, headers: [String: String], bodyStart: Int)? {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ").map(String.init)
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    return (words[0], words[1], headers, end.upperBound)
  }

  static func write(_ reply: LoopbackServer.Reply, to connection: Int32) {
    var head = "HTTP/1.1 \(reply.status) Status\r\nConnection: close\r\n"
    for (name, value) in reply.headers { head += "\(name): \(value)\r\n" }
    head += "Content-Length: \(reply.declaredByteCount ?? reply.body.count)\r\n\r\n"
    let bytes = Array(head.utf8) + reply.body.prefix(reply.sentByteCount ?? reply.body.count)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(connection, $0.baseAddress?.advanced(by: sent), bytes.count - sent, sendFlags)
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}
