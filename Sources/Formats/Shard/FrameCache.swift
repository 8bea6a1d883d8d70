/// The frames that were read last, up to a number of bytes: enough for a sequential reader and for a few random ones.
struct FrameCache {
  struct Key: Hashable {
    var fileName: String
    var frameIndex: Int
  }

  private let byteLimit: Int
  private var byteCount = 0
  /// Most recently used last.
  private var entries: [(key: Key, content: [UInt8])] = []

  /// - Parameter byteLimit: a single frame may be larger.
  init(byteLimit: Int) { self.byteLimit = byteLimit }

  mutating func content(for key: Key, orRead read: () throws -> [UInt8]) rethrows -> [UInt8] {
    if let position = entries.lastIndex(where: { $0.key == key }) {
      let entry = entries.remove(at: position)
      entries.append(entry)
      return entry.content
    }
    let content = try read()
    while !entries.isEmpty, byteCount + content.count > byteLimit { byteCount -= entries.removeFirst().content.count }
    entries.append((key, content))
    byteCount += content.count
    return content
  }
}
