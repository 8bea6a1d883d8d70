import Basics
import Firmware
import Testing

@Suite("UF2 and the second boot stage")
struct UF2Tests {
  @Test("a file's bytes are the ones that the specification lays out")
  func knownAnswer() throws {
    let flash = [UInt8](repeating: 0x5A, count: 300)
    let file = UF2.pack(flash, at: 0x1000_0000, family: 0xE48B_FF56)
    try #require(file.count == 2 * 512)
    // Magic numbers, flags, address, byte count, block number, block count, family: as hexadecimal, little-endian.
    let first = "5546320a57515d9e0020000000000010000100000000000002000000" + "56ff8be4"
    let second = "5546320a57515d9e0020000000010010000100000100000002000000" + "56ff8be4"
    #expect(file[0..<32].hexString == first)
    #expect(file[512..<544].hexString == second)
    #expect(file[32..<288].allSatisfy { $0 == 0x5A })
    #expect(file[544..<588].allSatisfy { $0 == 0x5A })
    #expect(file[288..<508].allSatisfy { $0 == 0xFF } && file[588..<1020].allSatisfy { $0 == 0xFF })
    for end in [512, 1024] { #expect(file[(end - 4)..<end].hexString == "306fb10a") }
  }

  @Test("whole pages take as many blocks, and nothing takes none", arguments: [(0, 0), (1, 1), (256, 1), (257, 2)])
  func blockCount(byteCount: Int, blocks: Int) {
    #expect(UF2.pack([UInt8](repeating: 0, count: byteCount), at: 0, family: 0).count == blocks * UF2.blockByteCount)
  }

  @Test("CRC-32/MPEG-2 has its published check value")
  func checksum() {
    #expect(CRC32MPEG2.checksum("123456789".utf8) == 0x0376_E6E7)
    #expect(CRC32MPEG2.checksum([]) == 0xFFFF_FFFF)
  }

  @Test("a Pico 2's block passes, and with no flipped bit, nor beyond what the boot ROM searches")
  func imageDefinition() throws {
    let block: [UInt32] = [0xFFFF_DED3, 0x1021_0142, 0x0000_01FF, 0, 0xAB12_3579]
    let bytes = block.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    for place in [0, 64, 4096 - 20] {
      let flash = [UInt8](repeating: 0, count: place) + bytes + [1, 2, 3]
      try ImageDefinition.check(flash)
      for flipped in place..<place + 20 {
        var damaged = flash
        damaged[flipped] ^= 1 << UInt8(flipped % 8)
        #expect(throws: HintedError.self) { try ImageDefinition.check(damaged) }
      }
    }
    for place in [2, 4096 - 16, 4096] {
      let flash = [UInt8](repeating: 0, count: place) + bytes
      #expect(throws: HintedError.self) { try ImageDefinition.check(flash) }
    }
    #expect(throws: HintedError.self) { try ImageDefinition.check([]) }
  }

  @Test("a boot stage passes with its checksum, and with no flipped bit")
  func bootStage() throws {
    var generator = SeededGenerator(seed: 5)
    let program = (0..<252).map { _ in UInt8(generator.below(256)) }
    let sum = CRC32MPEG2.checksum(program)
    let flash = program + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) } + [1, 2, 3]
    try SecondBootStage.check(flash)
    for place in 0..<256 {
      var flipped = flash
      flipped[place] ^= 1 << UInt8(place % 8)
      #expect(throws: HintedError.self) { try SecondBootStage.check(flipped) }
    }
    #expect(throws: HintedError.self) { try SecondBootStage.check(Array(flash.prefix(255))) }
  }
}
