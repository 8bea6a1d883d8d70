import NIOCore
import Synchronization

/// All connections of a server: who may stay when there are too many.
final class ConnectionTable: Sendable {
  /// Whom a connection waits for.
  enum Wait: Sendable {
    /// The client: it may be closed for the sake of others.
    case client
    /// Us.
    case server
  }

  private struct Entry {
    var channel: any Channel
    var wait = Wait.client
    /// When it began to wait, by `State.clock`.
    var since: UInt64
  }

  private struct State {
    var entries: [ObjectIdentifier: Entry] = [:]
    var clock: UInt64 = 0

    mutating func tick() -> UInt64 {
      clock += 1
      return clock
    }

    /// Those that have kept us waiting for longest, taken out.
    mutating func removeSlowest(_ count: Int) -> [any Channel] {
      let slow = entries.filter { $0.value.wait == .client }.sorted { $0.value.since < $1.value.since }.prefix(count)
      for (id, _) in slow { entries[id] = nil }
      return slow.map(\.value.channel)
    }
  }

  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) { self.limit = limit }

  var count: Int { state.withLock { $0.entries.count } }

  /// Makes room for a connection, where there is none, by closing the slowest.
  /// - Returns: false when nobody can be closed, since all are being answered.
  func admit(_ channel: any Channel) -> Bool {
    let (isAdmitted, closed) = state.withLock { state in
      let closed = state.removeSlowest(max(0, state.entries.count + 1 - limit))
      guard state.entries.count < limit else { return (false, closed) }
      state.entries[ObjectIdentifier(channel)] = Entry(channel: channel, since: state.tick())
      return (true, closed)
    }
    for channel in closed { channel.close(promise: nil) }
    return isAdmitted
  }

  /// Closes the slowest, for want of descriptors.
  func closeSlowest(_ count: Int) {
    for channel in state.withLock({ $0.removeSlowest(count) }) { channel.close(promise: nil) }
  }

  func mark(_ channel: any Channel, _ wait: Wait) {
    state.withLock { state in
      let now = state.tick()
      state.entries[ObjectIdentifier(channel)]?.wait = wait
      state.entries[ObjectIdentifier(channel)]?.since = now
    }
  }

  func remove(_ channel: any Channel) { state.withLock { $0.entries[ObjectIdentifier(channel)] = nil } }

  func closeAll() {
    let channels = state.withLock { state in
      defer { state.entries = [:] }
      return state.entries.values.map(\.channel)
    }
    for channel in channels { channel.close(promise: nil) }
  }
}
