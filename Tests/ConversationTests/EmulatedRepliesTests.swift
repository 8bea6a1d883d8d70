import Basics
import Conversation
import Firmware
import Formats
import Lineage
import Networks
import TestSupport
import Testing

@Suite("Replies of an emulated core")
struct EmulatedRepliesTests {
  /// Ends inside a word, ends with a whole token, is one byte that no token stands for, and is held back whole.
  private static let requests = ["the ki", "abab\n", "\u{7F}", "a"].map { Array($0.utf8) }

  @Test(
    "many requests in one start give what the C engine replies here, to the byte and the token",
    .enabled(if: EmulatedCore.requiredTools.allSatisfy(Toolbox().contains), "needs the Arm compiler and QEMU"))
  func sameReplies() async throws {
    let vocabulary = try Vocabulary(strings: [0x80: Array(" kit".utf8), 0x81: Array("ab".utf8)], unknownToken: 0x7F)
    let image = AtomeImageFile.write(
      RandomModel.make(seed: 6, shape: RandomModel.small), vocabulary: vocabulary, provenance: nil)
    try await withTemporaryFolder { folder in
      try AtomicFile.write(image, to: "\(folder)/small.atome")
      let model = try LoadedImage(path: "\(folder)/small.atome")
      for byteLimit in [1, 40] {
        let here = try await model.replies(to: Self.requests, on: .c, byteLimit: byteLimit)
        let there = try await model.replies(
          to: Self.requests, on: .cortexM3, firmware: "\(PackageRoot.path)/firmware", buildFolder: "\(folder)/built",
          byteLimit: byteLimit)
        #expect(there == here && here.map(\.unknownByteCount) == [0, 0, 1, 0])
      }
    }
  }

  @Test("no request needs no core")
  func nothing() async throws {
    try await withTemporaryFolder { folder in
      let image = AtomeImageFile.write(RandomModel.make(seed: 6, shape: RandomModel.small), provenance: nil)
      try AtomicFile.write(image, to: "\(folder)/small.atome")
      let replies = try await LoadedImage(path: "\(folder)/small.atome").replies(
        to: [], on: .cortexM3, firmware: "/none", buildFolder: "/none", byteLimit: 1)
      #expect(replies.isEmpty)
    }
  }
}
