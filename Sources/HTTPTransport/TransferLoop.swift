import CCurl
import Foundation
import Synchronization

/// The one thread that drives all transfers through `curl_multi`; callers only leave orders and wake it.
///
/// `@unchecked Sendable`: `multi` is used by the thread alone, but for `curl_multi_wakeup`, which libcurl allows from
/// any thread and which happens under the lock that also says whether the thread still runs.
final class TransferLoop: @unchecked Sendable {
  private enum Order {
    case start(Transfer)
    case cancel(UUID)
  }

  private struct State {
    var orders: [Order] = []
    var isStopping = false
    var isOver = false
  }

  private let multi: UnsafeMutableRawPointer
  private let state = Mutex(State())

  init() throws(TransportError) {
    guard Self.isLibraryReady, let multi = curl_multi_init() else {
      throw TransportError(.other, "libcurl cannot start")
    }
    self.multi = multi
    // libcurl's own number is four for each transfer at hand, which drops connections whenever few are at hand.
    curl_shim_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.keptConnectionCount)
    let thread = Thread { [self] in run() }
    thread.name = "alambic transfers"
    thread.start()
  }

  /// Connections that stay open for the next request.
  private static let keptConnectionCount = 256

  // Once a process, as libcurl asks.
  private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  func start(_ transfer: Transfer) { order(.start(transfer)) }

  /// Ends a transfer early; one that has ended already is left alone.
  func cancel(_ id: UUID) { order(.cancel(id)) }

  /// Ends the thread; transfers under way end as cancelled.
  func stop() {
    state.withLock { state in
      state.isStopping = true
      wake(state)
    }
  }

  private func order(_ order: Order) {
    state.withLock { state in
      state.orders.append(order)
      wake(state)
    }
  }

  private func wake(_ state: State) {
    if !state.isOver { curl_multi_wakeup(multi) }
  }
}

// MARK: - On the thread

extension TransferLoop {
  private func run() {
    var active: [UnsafeMutableRawPointer: Transfer] = [:]
    while takeOrders(&active) {
      var runningCount: Int32 = 0
      curl_multi_perform(multi, &runningCount)
      endFinished(&active)
      curl_multi_poll(multi, nil, 0, 1000, nil)
    }
    for transfer in active.values { remove(transfer, from: &active, cancelled: true) }
    curl_multi_cleanup(multi)
  }

  /// Whether to go on.
  private func takeOrders(_ active: inout [UnsafeMutableRawPointer: Transfer]) -> Bool {
    let (orders, goesOn) = state.withLock { state in
      defer { state.orders = [] }
      if state.isStopping { state.isOver = true }
      return (state.orders, !state.isStopping)
    }
    for order in orders {
      switch order {
      case .start(let transfer):
        active[transfer.handle] = transfer
        curl_multi_add_handle(multi, transfer.handle)
      case .cancel(let id):
        if let transfer = active.values.first(where: { $0.id == id }) {
          remove(transfer, from: &active, cancelled: true)
        }
      }
    }
    return goesOn
  }

  private func endFinished(_ active: inout [UnsafeMutableRawPointer: Transfer]) {
    var waitingCount: Int32 = 0
    while let message = curl_multi_info_read(multi, &waitingCount) {
      guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
        let transfer = active[handle]
      else { continue }
      // Read before the handle leaves the multi handle, which frees the message.
      let code = message.pointee.data.result
      remove(transfer, from: &active, cancelled: false)
      transfer.end(with: code)
    }
  }

  private func remove(
    _ transfer: Transfer, from active: inout [UnsafeMutableRawPointer: Transfer], cancelled: Bool
  ) {
    curl_multi_remove_handle(multi, transfer.handle)
    active[transfer.handle] = nil
    if cancelled { transfer.end(with: TransportError(.cancelled, "the transfer was cancelled")) }
  }
}
