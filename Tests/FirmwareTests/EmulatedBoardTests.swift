import Basics
import Firmware
import Foundation
import TestSupport
import Testing

/// The very bytes that are flashed, on emulators: QEMU's nearest relative of the Nucleo's chip, and Unicorn with models
/// of the registers that a start touches (`scripts/boards`).
@Suite("Real boards' firmware, emulated", .needs(TalkingFirmware.requiredTools))
struct EmulatedBoardTests {
  static let python = "\(PackageRoot.path)/.venv-boards/bin/python"

  @Test("the Nucleo's image says on QEMU's STM32F405 what the reference says", .needs(["qemu-system-arm"]))
  func qemu() async throws {
    try await Bench.float.withFirmware(for: .nucleoF411RE) { firmware, folder in
      try firmware.write(to: folder)
      let expected = try Bench.float.speech(on: .nucleoF411RE)
      let said = try await Self.listen(to: "firmware.bin", in: folder, untilLineCount: Self.lineCount(expected))
      #expect(Bench.withoutTimes(said) == expected, "\(String(decoding: said, as: UTF8.self))")
    }
  }

  /// The firmware never ends, so QEMU is ended when enough lines were heard, or after a minute. Its second serial line
  /// is USART2, at the F411's address. It has no clock control: the firmware waits for the PLL in vain and stays on the
  /// internal oscillator.
  private static func listen(to image: String, in folder: String, untilLineCount count: Int) async throws -> [UInt8] {
    let heard = "\(folder)/heard.txt"
    let arguments = [
      "-M", "netduinoplus2", "-display", "none", "-monitor", "none", "-serial", "null", "-serial", "file:\(heard)",
      "-device", "loader,file=\(image),addr=0x08000000",
    ]
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        let end = try await Toolbox().run("qemu-system-arm", arguments, in: folder, timeLimit: .seconds(60))
        if !Task.isCancelled { Issue.record("QEMU ended by itself: \(end.messages)") }
      }
      group.addTask {
        while lineCount((try? AtomicFile.read(heard)) ?? []) < count { try await Task.sleep(for: .milliseconds(20)) }
      }
      try await group.next()
      group.cancelAll()
      // The task that ran QEMU ends as one that was cancelled.
      while (try? await group.next()) != nil {}
    }
    return try AtomicFile.read(heard)
  }

  private static func lineCount(_ bytes: [UInt8]) -> Int { bytes.count { $0 == UInt8(ascii: "\n") } }

  @Test(
    "each board's image says on Unicorn what the reference says, and answers lines",
    .enabled(if: FileManager.default.isExecutableFile(atPath: python), "needs scripts/run-board --prepare"),
    arguments: DevelopmentBoard.all, try Bench.all)
  func unicorn(board: DevelopmentBoard, bench: Bench) async throws {
    try await bench.withFirmware(for: board) { firmware, folder in
      try firmware.write(to: folder)
      let outcome = try await Self.emulate(board, in: folder, lines: Bench.lines)
      #expect(outcome.status == 0, "\(outcome.messages)")
      // There a timer goes on by 1 µs at every look, and the firmware looks before and after each step.
      let expected = try bench.speech(on: board, lines: Bench.lines, isTimed: true)
      #expect(outcome.output == expected, "\(String(decoding: outcome.output, as: UTF8.self))")
      #expect(try await Self.emulate(board, in: folder).status == 0)
    }
  }

  @Test(
    "a damaged image is not started, and another transcript is noticed",
    .enabled(if: FileManager.default.isExecutableFile(atPath: python), "needs scripts/run-board --prepare"))
  func damaged() async throws {
    try await Bench.float.withFirmware(for: .raspberryPiPico) { firmware, folder in
      try firmware.write(to: folder)
      let intact = firmware.files[0].bytes
      // A byte of the first magic number, of the second block's number, and of the second boot stage.
      for (place, complaint) in [(0, "magic"), (512 + 20, "block 1 says"), (32 + 40, "boot2's checksum")] {
        var damaged = intact
        damaged[place] ^= 0x10
        try AtomicFile.write(damaged, to: "\(folder)/firmware.uf2")
        let outcome = try await Self.emulate(.raspberryPiPico, in: folder)
        #expect(outcome.status == 1 && outcome.messages.contains(complaint), "\(outcome.messages)")
      }
      try AtomicFile.write(intact, to: "\(folder)/firmware.uf2")
      try AtomicFile.write(firmware.transcript + [UInt8(ascii: "!")], to: "\(folder)/expected.txt")
      #expect(try await Self.emulate(.raspberryPiPico, in: folder).status == 1)
    }
  }

  /// A change of one board's sources that its silicon would not forgive, and what the emulator says of it.
  struct Mistake: Sendable, CustomTestStringConvertible {
    var board: DevelopmentBoard
    var file = "board.c"
    var right: String
    var wrong: String
    var complaint: String

    var testDescription: String { "\(board): \(wrong)" }
  }

  static let mistakes = [
    Mistake(board: .nucleoF411RE, right: "84u << 6", wrong: "100u << 6", complaint: "100000000 Hz"),
    Mistake(board: .nucleoF411RE, right: "0x7700u", wrong: "0x8800u", complaint: "PA2 and PA3 are not USART2's"),
    Mistake(
      board: .raspberryPiPico, file: "../../app/raspberry_pi.h", right: "divisor & 63u", wrong: "0u",
      complaint: "the serial line runs at 116604 baud"),
    Mistake(
      board: .raspberryPiPico2, right: "1u << 6 | 1u << 4 | 1u << 3", wrong: "1u << 4 | 1u << 3",
      complaint: "GP1 is not read"),
    Mistake(board: .raspberryPiPico2, right: "5u << 16", wrong: "4u << 16", complaint: "may at 150 MHz"),
    Mistake(board: .raspberryPiPico2, right: "VTOR = FLASH;", wrong: "(void)FLASH;", complaint: "vector table"),
    Mistake(board: .raspberryPiPico, right: "2u << 12)", wrong: "1u << 12)", complaint: "may at 133 MHz"),
    Mistake(
      board: .raspberryPiPico, file: "boot2.S", right: "(0x03 << 24)", wrong: "(0x0B << 24)", complaint: "READ_UNMAPPED"
    ),
  ]

  @Test(
    "a Pico 2 starts no program of another kind",
    .enabled(if: FileManager.default.isExecutableFile(atPath: python), "needs scripts/run-board --prepare"))
  func foreign() async throws {
    try await Bench.float.withFirmware(for: .raspberryPiPico2) { firmware, folder in
      try firmware.write(to: folder)
      let intact = firmware.files[0].bytes
      // The family; the block's first marker, its item, its type for Arm, its last marker.
      let changes = [
        (28, "family"), (32 + 64, "finds no block"), (32 + 68, "no image type"), (32 + 71, "Arm cores"),
        (32 + 80, "does not end"),
      ]
      for (place, complaint) in changes {
        var damaged = intact
        damaged[place] ^= 0x01
        try AtomicFile.write(damaged, to: "\(folder)/firmware.uf2")
        let outcome = try await Self.emulate(.raspberryPiPico2, in: folder)
        #expect(outcome.status == 1 && outcome.messages.contains(complaint), "\(place): \(outcome.messages)")
      }
    }
  }

  @Test(
    "a start that silicon would not forgive is not forgiven here",
    .enabled(if: FileManager.default.isExecutableFile(atPath: python), "needs scripts/run-board --prepare"),
    arguments: mistakes)
  func mistake(_ mistake: Mistake) async throws {
    try await withTemporaryFolder { folder in
      let sources = "\(folder)/firmware"
      try FileManager.default.copyItem(atPath: "\(PackageRoot.path)/firmware", toPath: sources)
      let path = "\(sources)/boards/\(mistake.board)/\(mistake.file)"
      let text = String(decoding: try AtomicFile.read(path), as: UTF8.self)
      let changed = text.replacing(mistake.right, with: mistake.wrong)
      try #require(changed != text)
      try AtomicFile.write(changed, to: path)
      try await Bench.float.build(for: mistake.board, firmwareFolder: sources, in: folder).write(to: folder)
      let outcome = try await Self.emulate(mistake.board, in: folder)
      #expect(outcome.status == 1 && outcome.messages.contains(mistake.complaint), "\(outcome.messages)")
    }
  }

  private static func emulate(
    _ board: DevelopmentBoard, in folder: String, lines: [String] = []
  ) async throws -> ToolResult {
    let script = "\(PackageRoot.path)/scripts/boards/emulate.py"
    return try await runTool("env", [python, "-B", script, board.name, folder] + lines, in: folder)
  }
}
