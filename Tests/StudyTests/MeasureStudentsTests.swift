import TestSupport
import Testing

/// The program that measures the goals is Python; its own functions are checked by itself.
@Suite("scripts/measure-students") struct MeasureStudentsTests {
  @Test("its parsing, its arithmetic and its tables give known answers")
  func selfTest() async throws {
    let result = try await runTool("python3", ["scripts/measure-students", "--self-test"], in: PackageRoot.path)
    #expect(result.status == 0, "\(result.messages)")
    #expect(String(decoding: result.output, as: UTF8.self).isEmpty)
  }
}
