/// One block of zeroed memory, cut into matrices once and reused for every sequence: a training step allocates nothing.
public final class Arena<Scalar: AdditiveArithmetic>: @unchecked Sendable {
  // Sendable by agreement: whoever shares an arena among threads lets only one of them write to a part.

  /// How many elements the arena holds.
  public let capacity: Int
  private let base: UnsafeMutablePointer<Scalar>
  private var used = 0

  /// Rows of matrices start here again and again: one AVX-512 register, one cache line of float32.
  private static var alignmentCount: Int { 16 }

  /// An arena of exactly `capacity` elements.
  public init(capacity: Int) {
    precondition(capacity >= 0, "an arena's capacity is not negative")
    self.capacity = capacity
    let byteCount = max(1, capacity) * MemoryLayout<Scalar>.stride
    base = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
      .bindMemory(to: Scalar.self, capacity: max(1, capacity))
    base.initialize(repeating: .zero, count: capacity)
  }

  deinit { base.deallocate() }

  /// All elements as one vector.
  public var whole: MatrixView<Scalar> { MatrixView(base, count: capacity) }

  /// The next `rowCount` rows of `columnCount` elements; an aligned start, no gap between rows.
  public func takeMatrix(_ rowCount: Int, _ columnCount: Int) -> MatrixView<Scalar> {
    let count = Self.room(rowCount, columnCount)
    precondition(count <= capacity - used, "the arena is too small; its maker counts what it takes")
    defer { used += count }
    return MatrixView(base + used, rowCount: rowCount, columnCount: columnCount, rowStride: columnCount)
  }

  /// The next `count` elements.
  public func takeVector(_ count: Int) -> MatrixView<Scalar> { takeMatrix(1, count) }

  /// How many elements of capacity a matrix takes.
  public static func room(_ rowCount: Int, _ columnCount: Int) -> Int {
    (rowCount * columnCount).roundedUp(toMultipleOf: alignmentCount)
  }
}

extension Int {
  /// The smallest multiple of `factor` that is not less.
  public func roundedUp(toMultipleOf factor: Int) -> Int { (self + factor - 1) / factor * factor }
}
