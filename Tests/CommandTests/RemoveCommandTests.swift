import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

@Suite("alambic corpus remove")
struct RemoveCommandTests {
  private struct Removed: Equatable {
    var documents: Set<String>
    var removed: Int
  }

  private func state(_ project: TinyProject) throws -> Removed {
    let documents = try RecordFile.read(Document.self, project.path("documents/tiny/documents.jsonl.zst"))
    let rejections = try RecordFile.read(Rejection.self, project.path("documents/tiny/rejections.jsonl.zst"))
    return Removed(documents: Set(documents.map(\.text)), removed: rejections.count { $0.reason == .removed })
  }

  private func remove(_ project: TinyProject, _ arguments: String...) async throws -> AlambicCommand.Outcome {
    try await project.alambic.run(
      ["corpus", "remove", "tiny"] + arguments, environment: ["ALAMBIC_PROJECT": project.folder])
  }

  private static func topics() throws -> [String] {
    String(decoding: try AtomicFile.read("\(PackageRoot.path)/Corpora/thermostat/words/topics.txt"), as: UTF8.self)
      .split(whereSeparator: \.isNewline).map(String.init).filter { !$0.hasPrefix("#") }
  }

  @Test("what came from a list's word goes with its reason, what was made of it is made again, and undo brings it back")
  func word() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      _ = try await project.make("--until shard")
      let before = try state(project)
      let topic = try Self.topics()[0]

      let outcome = try await remove(project, "topic=\(topic)", "--because", "we do not sell that")
      #expect(outcome.status == 0, "\(outcome)")
      #expect(outcome.standardError.contains("shard") && !outcome.standardError.contains("train"))
      let after = try state(project)
      #expect(after.removed > 0 && after.removed < 24)
      #expect(after.documents.isStrictSubset(of: before.documents))
      let rejections = try RecordFile.read(Rejection.self, project.path("documents/tiny/rejections.jsonl.zst"))
      #expect(rejections.first { $0.reason == .removed }?.detail == "topic=\(topic): we do not sell that")
      #expect(try await project.make("--until shard").ran.isEmpty)
      // Once is enough.
      #expect(try await remove(project, "topic=\(topic)").status == 0)
      #expect(try state(project) == after)

      let list = try await remove(project, "--json").json()
      #expect(list["schema"] as? String == "alambic.removals/2")
      #expect((list["removals"] as? [Any])?.count == 1)

      #expect(try await remove(project, "topic=\(topic)", "--undo").status == 0)
      #expect(try state(project) == before)
      #expect(try await remove(project, "topic=\(topic)", "--undo").status == 64)
      #expect(try await remove(project, "--list").standardOutput.contains("undone"))
    }
  }

  @Test("a corpus of which all is removed says so, and how to undo it")
  func everything() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      _ = try await project.make("--until curate")
      let outcome = try await remove(project, "template=0")
      #expect(outcome.status == 65 && outcome.standardError.contains("alambic corpus remove tiny --list"))
    }
  }

  @Test(
    "an origin that nothing has is refused, before anything changes",
    arguments: [
      ("topics=x", "has no list 'topics'"), ("topic=nothing", "no prompt of tiny has topic=nothing"),
      ("license=CC-BY-NC-4.0", "no teacher of tiny has license=CC-BY-NC-4.0"), ("topic", "not LIST=WORD"),
      ("", "not LIST=WORD"),
    ])
  func unknown(origin: String, message: String) async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let outcome = try await remove(project, origin)
      #expect(outcome.status == 64 && outcome.standardError.contains(message), "\(outcome)")
      #expect(try await remove(project, "--json").json()["removals"] as? [String] == [])
    }
  }
}
