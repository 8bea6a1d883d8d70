import Basics
import Formats
import Lineage
import Sharding
import TestSupport
import Testing

@Suite("The example of docs/formats/shard.md")
struct ShardExampleTests {
  @Test(
    "The annotated dumps are the files that the code writes",
    arguments: ["train-00000-of-00001.zst", "train.documents"])
  func dumps(fileName: String) async throws {
    let settings = ShardSettings(chunkByteCount: 16, frameContentByteCount: 32, shardContentByteCount: 32)
    let documents = ["It is warm.", "Turn it down."].map {
      Document(sampleID: ContentID(of: "sample"), indexInSample: 0, split: .train, text: $0)
    }
    try await withTemporaryFolder { folder in
      _ = try ShardBuilder.build(documents, settings: settings, folder: folder)
      let bytes = try AtomicFile.read("\(folder)/\(fileName)")
      #expect(try documentedDumps().contains(bytes))
    }
  }

  /// The bytes of every `xxd` dump on the page.
  private func documentedDumps() throws -> [[UInt8]] {
    let page = String(decoding: try AtomicFile.read("\(PackageRoot.path)/docs/formats/shard.md"), as: UTF8.self)
    var dumps: [[UInt8]] = []
    for line in page.split(separator: "\n") where line.prefix(10).hasSuffix(": ") && line.hasPrefix("000000") {
      if line.hasPrefix("00000000:") { dumps.append([]) }
      let digits = line.dropFirst(10).prefix(39).filter { $0 != " " }
      dumps[dumps.count - 1] += try #require([UInt8](hexString: digits))
    }
    return dumps
  }
}
