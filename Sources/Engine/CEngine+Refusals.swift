import Basics
import CAtomeEngine
import Networks

extension CEngine {
  /// - Throws: what the C engine refused, in its words, with what to try next.
  static func check(_ status: atome_status) throws {
    guard status != ATOME_OK else { return }
    throw HintedError(
      String(cString: atome_status_message(status)), hint: hint(for: status), status: exitStatus(for: status))
  }

  private static func hint(for status: atome_status) -> String? {
    switch status {
    case ATOME_BAD_MAGIC: "give an ATOME01 or ATOME02 language model; classifiers are not run"
    case ATOME_NO_TRAILER: "if it is a published image, name its shape: \(AtomeShape.atome60K)"
    case ATOME_TRUNCATED: "fetch or export the file again, or check the shape"
    case ATOME_BAD_TRAILER, ATOME_BAD_CHECKSUM, ATOME_NOT_FINITE, ATOME_BAD_VOCABULARY, ATOME_BAD_CODE,
      ATOME_BAD_FILL:
      "the file is damaged: fetch or export it again"
    case ATOME_BAD_TRIT: "the file is damaged or of another shape"
    case ATOME_BAD_SHAPE: "the largest shape is \(AtomeShape.limits)"
    case ATOME_SHAPE_MISMATCH: "leave the shape out; the file says its own"
    case ATOME_BAD_CONTEXT: "1…\(ATOME_CONTEXT_LIMIT) positions; 64 is usual"
    default: nil
    }
  }

  private static func exitStatus(for status: atome_status) -> ExitStatus {
    switch status {
    case ATOME_BAD_CONTEXT, ATOME_SHAPE_MISMATCH: .usage
    case ATOME_MEMORY_TOO_SMALL, ATOME_MEMORY_UNALIGNED: .internalFault
    default: .badData
    }
  }
}
