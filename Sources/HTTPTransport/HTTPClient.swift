import Basics

/// An HTTP client on libcurl with many requests in flight: one thread of its own waits for all of them, and no thread
/// of Swift's concurrency pool ever blocks.
///
/// It logs nothing, so no header can end up in a log.
public final class HTTPClient: Sendable {
  private let loop: TransferLoop

  /// - Throws: `HintedError` when libcurl cannot start.
  public init() throws {
    do {
      loop = try TransferLoop()
    } catch {
      throw error.hinted
    }
  }

  deinit { loop.stop() }

  /// Sends a request and waits for the whole response, whatever its status.
  /// - Throws: `HintedError` when no complete response came; `CancellationError` when the task was cancelled.
  public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    switch await exchange(request) {
    case .success(let response): return response
    case .failure(let error) where error.reason == .cancelled: throw CancellationError()
    case .failure(let error): throw error.hinted
    }
  }

  /// The same, with the failure as a value: for callers that decide themselves what to try again.
  public func exchange(_ request: HTTPRequest) async -> Result<HTTPResponse, TransportError> {
    await perform(request, into: MemorySink(byteLimit: request.responseByteLimit))
  }

  /// Sends a request whose body goes into `sink` as it arrives.
  func perform(_ request: HTTPRequest, into sink: sending any TransferSink) async -> Transfer.Outcome {
    let cancellation = Cancellation()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        do throws(TransportError) {
          let transfer = try Transfer(request, sink: sink) { continuation.resume(returning: $0) }
          loop.start(transfer)
          cancellation.arm { [loop, id = transfer.id] in loop.cancel(id) }
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    } onCancel: {
      cancellation.cancel()
    }
  }
}
