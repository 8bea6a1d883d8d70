import Basics
import Curation
import Foundation
import Lineage
import TestSupport
import Testing

@Suite("Curation of real text", .enabled(if: SharedData.isPresent, "\(SharedData.skipReason)"))
struct RealTextTests {
  private func curation(_ settings: CurationSettings) throws -> Curation {
    let path = try #require(SharedData.path("tinystories/train.txt"))
    let text = String(decoding: try AtomicFile.read(path), as: UTF8.self)
    var curator = try Curator(settings: settings)
    return curator.curate([sample(text)])
  }

  @Test("Every story of TinyStories is kept or refused with a reason, and none is lost")
  func tinyStories() throws {
    let settings = CurationSettings(boundary: .separator("<|endoftext|>"), characters: .ascii)
    let path = try #require(SharedData.path("tinystories/train.txt"))
    let stories = String(decoding: try AtomicFile.read(path), as: UTF8.self).components(separatedBy: "<|endoftext|>")
      .filter { $0.contains { !$0.isWhitespace } }
    let curation = try curation(settings)
    #expect(curation.documents.count + curation.rejections.count == stories.count)
    #expect(curation.documents.count > stories.count * 9 / 10)
    #expect(curation.documents.allSatisfy { $0.text.allSatisfy(\.isASCII) })
    #expect(Set(curation.documents.map(\.id)).count == curation.documents.count)
  }

  @Test("Curating the curated text changes nothing")
  func again() throws {
    let settings = CurationSettings(boundary: .separator("<|endoftext|>"))
    let once = try curation(settings).documents
    var curator = try Curator(settings: settings)
    let twice = curator.curate([sample(once.map(\.text).joined(separator: "<|endoftext|>"))])
    #expect(twice.documents.map(\.id) == once.map(\.id))
    #expect(twice.documents.map(\.split) == once.map(\.split))
    #expect(twice.rejections.isEmpty)
  }
}
