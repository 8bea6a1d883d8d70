import TestSupport
import Testing

/// The programs that measure goals and presets are Python; their own functions are checked by themselves.
@Suite("scripts/measure-students and its relatives") struct MeasureStudentsTests {
  @Test(
    "their parsing, their arithmetic and their tables give known answers",
    arguments: ["measure-students", "measure-presets", "measure-soft-labels", "measure-commands"])
  func selfTest(program: String) async throws {
    let result = try await runTool("python3", ["scripts/\(program)", "--self-test"], in: PackageRoot.path)
    #expect(result.status == 0, "\(result.messages)")
    #expect(String(decoding: result.output, as: UTF8.self).isEmpty)
  }
}
