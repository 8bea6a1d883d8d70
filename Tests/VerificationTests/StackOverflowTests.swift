import Firmware
import Subprocess
import TestSupport
import Testing

@Suite("A full stack")
struct StackOverflowTests {
  @Test(
    "ends in a line that says so, not in a core that hangs",
    .enabled(if: ParityTests.has(Core.all.flatMap(\.requiredTools)), "needs compilers for Arm and RISC-V, and QEMU"),
    arguments: [Core.cortexM0, .cortexM3, .cortexM4, .rv32imc, .rv64gc])
  func overflow(core: Core) async throws {
    let board = core.boards[0]
    try await withTemporaryFolder { folder in
      let make = ["-C", ParityTests.firmwareFolder, "overflow", "BOARD=\(board.name)", "OUT=\(folder)"]
      _ = try await ParityTests.toolbox.run("make", make, in: folder, timeLimit: .seconds(60))
      let outcome = try await ParityTests.toolbox.run(
        board.toolchain.emulator,
        board.emulatorArguments + [
          "-display", "none", "-serial", "none", "-monitor", "none", "-semihosting-config",
          "enable=on,target=native", "-kernel", "\(folder)/overflow.elf",
        ], in: folder, timeLimit: .seconds(60))
      #expect(!outcome.didSucceed)
      #expect((outcome.output + outcome.messages).contains("the core overflowed its stack"))
    }
  }
}
