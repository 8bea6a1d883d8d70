import Lineage
import Testing
import Vocabularies

@Suite struct HealingTests {
  @Test func onlyTokensThatGoOnWithTheRestAreAllowed() throws {
    var healing = Healing(try TokenEncoderTests.small(), rest: Array("abc".utf8))
    #expect((UInt8.min...UInt8.max).filter(healing.allows) == [97, 200, 201])
    #expect(healing.consume(200).isEmpty)
    #expect(healing.rest == Array("c".utf8))
    #expect((UInt8.min...UInt8.max).filter(healing.allows) == [99, 203])
    #expect(healing.consume(203) == Array("e".utf8))
    #expect(healing.isDone)
    #expect(healing.allowed.allSatisfy { $0 })
  }

  @Test func withoutARestEverythingIsAllowedAndNew() {
    var healing = Healing(.bytes, rest: [])
    #expect(healing.isDone && healing.allows(0))
    #expect(healing.consume(65) == [65])
  }

  @Test func theUnknownTokenHealsNothing() throws {
    #expect(!Healing(try TokenEncoderTests.small(), rest: [97]).allows(255))
  }
}
