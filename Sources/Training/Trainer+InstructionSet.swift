import Kernels

extension Trainer {
  /// The kernels that a run gets unless told otherwise: part of what decides its bits, so receipts name it.
  public static var instructionSetName: String { InstructionSet.best.rawValue }
}
