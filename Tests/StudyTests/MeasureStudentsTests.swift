import TestSupport
import Testing

/// The programs that measure goals and presets are Python; their own functions are checked by themselves.
@Suite("scripts/measure-students, measure-presets and measure-soft-labels") struct MeasureStudentsTests {
  @Test(
    "their parsing, their arithmetic and their tables give known answers",
    arguments: ["measure-students", "measure-presets", "measure-soft-labels"])
  func selfTest(program: String) async throws {
    let result = try await runTool("python3", ["scripts/\(program)", "--self-test"], in: PackageRoot.path)
    #expect(result.status == 0, "\(result.messages)")
    #expect(String(decoding: result.output, as: UTF8.self).isEmpty)
  }
}
