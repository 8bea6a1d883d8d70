import Foundation
import Kernels

/// What this machine gives to a run unless told otherwise.
public enum TrainingHost {
  /// One thread a core, up to as many as a step has work for.
  public static var defaultThreadCount: Int { min(Lanes.limit, ProcessInfo.processInfo.activeProcessorCount) }

  /// The kernels that a run gets: part of what decides its bits, so receipts name it.
  public static var instructionSetName: String { InstructionSet.best.rawValue }
}
