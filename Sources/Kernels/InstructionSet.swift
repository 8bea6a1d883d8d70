import CKernels

/// The instruction sets that the tuned kernels are compiled for.
public enum InstructionSet: String, Sendable, CaseIterable {
  /// SSE2 on x86-64, NEON on arm64.
  case baseline
  /// AVX2 with FMA.
  case avx2
  /// AVX-512 F, VL, BW and DQ.
  case avx512

  /// Those that this processor has, slowest first.
  public static var available: [InstructionSet] { allCases.filter { $0.table != nil } }

  /// The fastest that this processor has.
  public static var best: InstructionSet { available.last ?? .baseline }

  var table: UnsafePointer<alambic_kernels>? {
    switch self {
    case .baseline: alambic_kernels_for(ALAMBIC_BASELINE)
    case .avx2: alambic_kernels_for(ALAMBIC_AVX2)
    case .avx512: alambic_kernels_for(ALAMBIC_AVX512)
    }
  }
}
