/// The frames that were read last, up to a fixed number: enough for a sequential reader and for a few random ones.
struct FrameCache {
  struct Key: Hashable {
    var fileName: String
    var frameIndex: Int
  }

  private let capacity: Int
  /// Most recently used last.
  private var entries: [(key: Key, content: [UInt8])] = []

  init(capacity: Int) { self.capacity = capacity }

  mutating func content(for key: Key, orRead read: () throws -> [UInt8]) rethrows -> [UInt8] {
    if let position = entries.lastIndex(where: { $0.key == key }) {
      let entry = entries.remove(at: position)
      entries.append(entry)
      return entry.content
    }
    let content = try read()
    if entries.count >= capacity { entries.removeFirst() }
    entries.append((key, content))
    return content
  }
}
