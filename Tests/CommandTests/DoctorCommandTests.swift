import Foundation
import TestSupport
import Testing

@Suite("alambic doctor")
struct DoctorCommandTests {
  @Test("with no tool on the path, it names them and the line that installs them")
  func missingTools() async throws {
    try await withTemporaryFolder { folder in
      let outcome = try await AlambicCommand(in: folder).run(["doctor", "--json"], environment: ["PATH": folder])
      #expect(outcome.status == 69)
      let answer = try outcome.json()
      #expect(answer["schema"] as? String == "alambic.doctor/1")
      #expect(answer["isReady"] as? Bool == false)
      let line = try #require(answer["installLine"] as? String)
      #expect(line.contains("gcc-arm-none-eabi") && line.contains("qemu-system-arm"))
    }
  }
}

@Suite("alambic")
struct RootCommandTests {
  @Test("a mistyped command is a usage error")
  func mistypedCommand() async throws {
    try await withTemporaryFolder { folder in
      let outcome = try await AlambicCommand(in: folder)("doktor")
      #expect(outcome.status == 64)
      #expect(outcome.standardOutput.isEmpty)
    }
  }
}
