import CKernels

/// The kernels of one instruction set: thin, checked wrappers over the C target's table.
///
/// Results are the same on every run of one instruction set; another one may round differently, since the vectors'
/// width decides the order of sums.
public struct TunedKernels: KernelSet, @unchecked Sendable {
  // Sendable because the table is a constant.

  public typealias Scalar = Float
  public let instructionSet: InstructionSet
  let table: alambic_kernels

  /// The kernels of `instructionSet`; nil where this processor lacks it.
  public init?(_ instructionSet: InstructionSet) {
    guard let table = instructionSet.table else { return nil }
    self.instructionSet = instructionSet
    self.table = table.pointee
  }
}

// MARK: - What wrappers check

extension MatrixView {
  /// Traps unless the matrix is (rows, columns) with adjacent columns.
  func check(_ rows: Int, _ columns: Int, _ name: StaticString) {
    precondition(rowCount == rows && columnCount == columns && columnStride == 1, "wrong shape of \(name)")
  }

  /// Traps unless the matrix is (rows, columns) without gaps.
  func checkContiguous(_ rows: Int, _ columns: Int, _ name: StaticString) {
    check(rows, columns, name)
    precondition(isContiguous, "gaps in \(name)")
  }
}
