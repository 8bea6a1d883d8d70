import Foundation

/// Where a response's body goes while it arrives. Only the transfer thread touches it until the transfer is over.
protocol TransferSink: AnyObject {
  /// Takes the next bytes of the final response, whose head is already known.
  func receive(_ bytes: UnsafeRawBufferPointer, status: Int, headers: HTTPHeaders) throws(TransportError)
}

/// Keeps the body in memory, up to a limit.
final class MemorySink: TransferSink {
  private(set) var bytes: [UInt8] = []
  private let byteLimit: Int

  init(byteLimit: Int) { self.byteLimit = byteLimit }

  func receive(_ more: UnsafeRawBufferPointer, status: Int, headers: HTTPHeaders) throws(TransportError) {
    guard more.count <= byteLimit - bytes.count else {
      throw TransportError(.tooLarge, "the response is larger than \(byteLimit) bytes")
    }
    bytes.append(contentsOf: more)
  }
}
