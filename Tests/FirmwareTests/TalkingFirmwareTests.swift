import Basics
import Firmware
import Foundation
import Networks
import TestSupport
import Testing
import Vocabularies

@Suite("The talking firmware", .needs(TalkingFirmware.requiredTools))
struct TalkingFirmwareTests {
  @Test(
    "the transcript that comes with it is what the Swift reference says", arguments: DevelopmentBoard.all,
    try Bench.all)
  func transcript(board: DevelopmentBoard, bench: Bench) async throws {
    try await bench.withFirmware(for: board) { firmware, _ in
      let expected = try bench.speech(on: board)
      #expect(firmware.transcript == expected)
      #expect(firmware.files.map(\.name) == [board.container.fileName, "firmware.elf", "expected.txt"])
      #expect(firmware.flashByteCount > 4096 && firmware.ramByteCount > 4096)
    }
  }

  @Test("a classifier says the label of a line")
  func labels() async throws {
    let bench = try Bench.classifier
    for board in [DevelopmentBoard.raspberryPiPico, .nucleoF411RE] {
      try await bench.withFirmware(for: board) { firmware, _ in
        let stepCount = TokenEncoder(bench.vocabulary).encode(Bench.prompt).count + 1
        let said = "\n\(try bench.label(of: Bench.prompt))\n# \(stepCount) steps\n"
        #expect(firmware.transcript.suffix(Bench.prompt.count + said.utf8.count) == Bench.prompt + Array(said.utf8))
      }
    }
  }

  @Test("the same settings give the same bytes, and the hashes are sha256sum's", arguments: DevelopmentBoard.all)
  func deterministic(board: DevelopmentBoard) async throws {
    var flashed: [[UInt8]] = []
    for _ in 0..<2 {
      try await Bench.float.withFirmware(for: board) { firmware, folder in
        flashed.append(firmware.files[0].bytes)
        try firmware.write(to: "\(folder)/out")
        let check = try await runTool("sha256sum", ["--check", "--strict", "firmware.sha256"], in: "\(folder)/out")
        #expect(check.status == 0, "\(check.messages)")
      }
    }
    #expect(flashed[0] == flashed[1])
  }

  @Test("the flash begins with vectors that point into the board's memory")
  func vectors() async throws {
    try await Bench.float.withFirmware(for: .nucleoF411RE) { firmware, _ in
      try Self.expectVectors(firmware.files[0].bytes[...], flash: 0x0800_0000..<0x0808_0000, ram: 128 << 10)
    }
    try await Bench.float.withFirmware(for: .raspberryPiPico) { _, folder in
      let flash = try AtomicFile.read("\(folder)/firmware.bin")
      try SecondBootStage.check(flash)
      try Self.expectVectors(flash.dropFirst(256), flash: 0x1000_0100..<0x1020_0000, ram: 264 << 10)
    }
    try await Bench.float.withFirmware(for: .raspberryPiPico2) { _, folder in
      let flash = try AtomicFile.read("\(folder)/firmware.bin")
      try ImageDefinition.check(flash)
      try Self.expectVectors(flash[...], flash: 0x1000_0000..<0x1040_0000, ram: 520 << 10)
    }
  }

  private static func expectVectors(_ table: ArraySlice<UInt8>, flash: Range<UInt32>, ram: UInt32) throws {
    let words = (0..<2).map { word in
      table.dropFirst(4 * word).prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    #expect((0x2000_0000...0x2000_0000 + ram).contains(words[0]) && words[0] % 8 == 0)
    #expect(flash.contains(words[1]) && words[1] & 1 == 1, "the start is Thumb code in flash")
  }

  @Test("what the board's RAM cannot hold is refused before anything is written, with what to do")
  func tooLarge() async throws {
    try await withTemporaryFolder { folder in
      var settings = Bench.settings(.nucleoF411RE)
      settings.contextLength = 4096
      let error = await #expect(throws: HintedError.self) {
        try await TalkingFirmware.build(
          model: Bench.float.image, name: Bench.imageName, settings: settings,
          firmwareFolder: Bench.firmwareFolder, in: folder)
      }
      #expect(error?.status == .unavailable)
      #expect(error?.message == "nucleo-f411re has too little RAM for this model at a context of 4096 positions")
      #expect(error?.hint == "choose a shorter context, or a smaller model")
    }
  }

  @Test("boards go by name")
  func names() throws {
    for board in DevelopmentBoard.all { #expect(try DevelopmentBoard.named(board.name) == board) }
    #expect(throws: HintedError.self) { try DevelopmentBoard.named("zx-spectrum") }
  }
}
