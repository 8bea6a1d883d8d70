import Firmware
import TestSupport
import Testing

/// The product of 4-bit matrices on emulated cores: its own test program, `firmware/tests/cores/nibbles.c`.
@Suite("Products of 4-bit matrices")
struct NibbleProductTests {
  /// Of 64 rows and 64 columns at -O2, with 1 % to spare: 1.17 to 2.5 a weight.
  static let limits: [Core: Int] = [.cortexM0: 10_520, .cortexM3: 5040, .cortexM4: 4825, .cortexM55: 4815]

  @Test(
    "are right on every core, and take no more instructions than they did",
    .enabled(if: ParityTests.has(EmulatedCore.requiredTools), "needs the Arm compiler and QEMU"),
    arguments: [Core.cortexM0, .cortexM3, .cortexM4, .cortexM7, .cortexM33, .cortexM55, .rv32imc, .rv64gc],
    ["-O2", "-Os"])
  func product(core: Core, optimization: String) async throws {
    let board = core == .cortexM0 ? "mps2-an385-v6m" : core.boards[0].name
    try await withTemporaryFolder { folder in
      let make = [
        "-s", "-C", ParityTests.firmwareFolder, "nibbles", "BOARD=\(board)", "OPT=\(optimization)", "OUT=\(folder)",
      ]
      let outcome = try await ParityTests.toolbox.run("make", make, in: folder, timeLimit: .seconds(120))
      try #require(outcome.didSucceed, "\(outcome.messages)")
      let lines = outcome.output.split(whereSeparator: \.isNewline)
      #expect(lines.first == "differences 0")
      guard optimization == "-O2", let limit = Self.limits[core] else { return }
      let count = try #require(lines.last.flatMap { Int($0.drop { !$0.isNumber }) })
      #expect(count <= limit, "\(core): \(count) instructions")
    }
  }
}
