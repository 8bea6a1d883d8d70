import Foundation
import Lineage
import Model

extension LoadedImage {
  /// Bits per byte on a text: windows that do not overlap, each from an empty state.
  /// - Parameter threadCount: no part of the result; all cores when nil.
  public func evaluate(
    on data: [UInt8], window: Int, engine: HostEngine, threadCount: Int? = nil
  ) async throws -> Evaluation {
    try await BitsPerByte.evaluate(
      data: data, window: window, threadCount: threadCount ?? ProcessInfo.processInfo.activeProcessorCount
    ) { try self.engine(engine, context: window) }
  }
}
