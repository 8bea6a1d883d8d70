import Basics
import Foundation

/// One TCP connection to a port on 127.0.0.1, for bytes that a proper client would never send. Calls block, half a
/// minute at most.
public final class LoopbackConnection: Sendable {
  private let descriptor: Int32

  public init(port: UInt16) throws {
    descriptor = socket(AF_INET, LoopbackSocket.streamType, 0)
    var timeout = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = port.bigEndian
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw HintedError("cannot connect to port \(port): \(reason)")
    }
  }

  deinit { close(descriptor) }

  /// - Returns: whether the system took all of it; not when the other side has hung up.
  @discardableResult
  public func send(_ bytes: some Collection<UInt8>) -> Bool {
    let bytes = Array(bytes)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent, LoopbackSocket.sendFlags)
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  public func send(_ text: String) -> Bool { send(text.utf8) }

  /// Some bytes; none when the other side has hung up, or says nothing for half a minute.
  public func receive(atMost limit: Int = 65_536) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = recv(descriptor, &bytes, limit, 0)
    return Array(bytes.prefix(max(0, count)))
  }

  /// All bytes until the other side hangs up.
  public func receiveAll() -> [UInt8] {
    var received: [UInt8] = []
    while true {
      let bytes = receive()
      guard !bytes.isEmpty else { return received }
      received += bytes
    }
  }

  /// Makes the end of this connection a reset and no orderly goodbye.
  public func resetAtEnd() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Foundation.linger>.size))
  }
}
