import Foundation

/// An array of plain values that grows: in memory while its pool has room, then in a file that is mapped into memory.
/// It is read and written like any array; a copy is the same array.
public final class ScratchArray<Element: BitwiseCopyable>: @unchecked Sendable {
  // Readers on several threads share it only while nobody appends or writes.
  private let pool: ScratchPool
  private var region: UnsafeMutableRawBufferPointer?
  private var descriptor: Int32 = -1
  // Looked at once an element, in inner loops of other modules: specialised there, and without run-time checks of
  // exclusive access, which cost a tenth of a whole curation.
  @usableFromInline @exclusivity(unchecked) var elements: UnsafeMutablePointer<Element>?
  @usableFromInline @exclusivity(unchecked) var filledCount = 0
  @usableFromInline @exclusivity(unchecked) var capacity = 0

  public init(_ pool: ScratchPool) { self.pool = pool }

  /// An array of equal elements.
  /// - Throws: `HintedError` where the disk has no room.
  public convenience init(repeating element: Element, count: Int, _ pool: ScratchPool) throws {
    self.init(pool)
    try reserve(count)
    elements?.update(repeating: element, count: count)
    filledCount = count
  }

  deinit {
    discard(region, inMemory: descriptor < 0)
    if descriptor >= 0 {
      pool.note(nil, of: self)
      close(descriptor)
    }
  }

  public var isEmpty: Bool { count == 0 }
  @inlinable public var count: Int { filledCount }
  @inlinable public var indices: Range<Int> { 0..<filledCount }

  @inlinable
  public subscript(_ index: Int) -> Element {
    get {
      precondition(indices.contains(index), "index out of range")
      return elements.unsafelyUnwrapped[index]
    }
    _modify {
      precondition(indices.contains(index), "index out of range")
      yield &elements.unsafelyUnwrapped[index]
    }
  }

  /// - Throws: `HintedError` where the disk has no room.
  @inlinable
  public func append(_ element: Element) throws {
    if filledCount == capacity { try reserve(filledCount + 1) }
    elements.unsafelyUnwrapped[filledCount] = element
    filledCount += 1
  }

  /// Sorts in place, wherever the elements lie.
  public func sort(by precedes: (Element, Element) -> Bool) {
    var buffer = UnsafeMutableBufferPointer(start: elements, count: filledCount)
    buffer.sort(by: precedes)
  }

  @usableFromInline
  func reserve(_ wanted: Int) throws {
    guard wanted > capacity else { return }
    let page = Int(getpagesize())
    let stride = MemoryLayout<Element>.stride
    // By a quarter, since twice as much would be half empty on the average.
    let byteCount = (max(wanted, capacity + capacity / 4, 1024) * stride + page - 1) / page * page
    let (old, wasInMemory) = (region, descriptor < 0)
    if wasInMemory, pool.take(byteCount) {
      region = try map(byteCount, descriptor: -1)
      if let old { region?.copyMemory(from: UnsafeRawBufferPointer(old)) }
    } else {
      try moveToFile(byteCount)
    }
    discard(old, inMemory: wasInMemory)
    capacity = byteCount / stride
    elements = region?.baseAddress?.bindMemory(to: Element.self, capacity: capacity)
  }

  private func moveToFile(_ byteCount: Int) throws {
    let isNew = descriptor < 0
    if isNew { descriptor = try pool.makeFile() }
    try pool.grow(descriptor, to: byteCount)
    let new = try map(byteCount, descriptor: descriptor)
    if isNew, let region { new.copyMemory(from: UnsafeRawBufferPointer(region)) }
    region = new
    pool.note(new, of: self)
  }

  private func map(_ byteCount: Int, descriptor: Int32) throws -> UnsafeMutableRawBufferPointer {
    let flags = descriptor < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED
    guard let start = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, descriptor, 0), start != MAP_FAILED else {
      throw AtomicFile.failure("no memory for \(ReadableUnits.bytes(byteCount))")
    }
    return UnsafeMutableRawBufferPointer(start: start, count: byteCount)
  }

  private func discard(_ region: UnsafeMutableRawBufferPointer?, inMemory: Bool) {
    guard let region else { return }
    munmap(region.baseAddress, region.count)
    if inMemory { pool.giveBack(region.count) }
  }
}
