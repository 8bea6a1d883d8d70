import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

/// Stories that stories260K tells, by the whole way: profile, server on loopback, requests, curation.
@Suite("A llama2.c model as a teacher", .needsSharedData)
struct LlamaTeacherTests {
  /// - Returns: a project whose corpus `tiny` is asked from that model.
  private func project(in folder: String, weights: String? = nil) throws -> TinyProject {
    let project = try TinyProject(in: folder)
    let model = try #require(SharedData.path("llama2c/stories260K.bin"))
    let tokenizer = try #require(SharedData.path("llama2c/tok512.bin"))
    for (path, name) in [(weights ?? model, "told.bin"), (tokenizer, "told-tokens.bin")] {
      try AtomicFile.write(try AtomicFile.read(path), to: "\(folder)/teachers/\(name)")
    }
    try AtomicFile.write(
      """
      schema: alambic.teacher/1
      name: told
      dialect: llama2c
      weights: told.bin
      tokenizer: told-tokens.bin
      model: told
      pace: {maxInFlight: 2}
      outputsLicense: CDLA-Sharing-1.0

      """, to: "\(folder)/teachers/told.yaml")
    try AtomicFile.write(
      """
      schema: alambic.recipe/1
      name: tiny
      description: Stories from two beginnings.
      seed: 1
      teacher: told
      prompting:
        templates: ["{beginning}"]
        lists: {beginning: ["Once upon a time, there", "One day, a"]}
        count: 6
        sampling: {maxTokens: 400}
      curation: {documentSeparator: whole-answer, heldOutFraction: 0.25}
      shipping: {license: CDLA-Sharing-1.0}

      """, to: "\(folder)/Corpora/tiny/recipe.yaml")
    return project
  }

  private func told(_ project: TinyProject) async throws -> [Document] {
    let outcome = try await project("make tiny --until curate --quiet")
    #expect(outcome.status == 0, "\(outcome)")
    let files = try FileManager.default.subpathsOfDirectory(atPath: project.workspace)
    let path = try #require(files.first { $0.hasSuffix("documents.jsonl.zst") })
    let reader = try RecordReader<Document>(project.path(path))
    var documents: [Document] = []
    while let document = try reader.next() { documents.append(document) }
    return documents
  }

  @Test("stories begin with what was asked, end by themselves or are left out, and are the same when asked again")
  func stories() async throws {
    try await withTemporaryFolder { folder in
      let documents = try await told(project(in: "\(folder)/one"))
      // Its context holds 511 tokens, and few stories are longer than 400.
      #expect(documents.count >= 3)
      for text in documents.map(\.text) {
        #expect(["Once upon a time, there ", "One day, a"].contains(where: text.hasPrefix), "\(text)")
        #expect(text.utf8.count > 100 && !text.contains("\u{FFFD}") && text.last?.isPunctuation == true, "\(text)")
      }
      #expect(Set(documents.map { $0.text.prefix(10) }).count == 2)
      #expect(try await told(project(in: "\(folder)/two")) == documents)
    }
  }

  @Test("a model that is not there, or damaged, is named before anything is asked")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      let project = try project(in: folder)
      try AtomicFile.write([1, 2, 3], to: "\(folder)/teachers/told.bin")
      let damaged = try await project("ask tiny --quiet")
      #expect(damaged.status == 65 && damaged.standardError.contains("teachers/told.bin"), "\(damaged)")
      try FileManager.default.removeItem(atPath: "\(folder)/teachers/told.bin")
      let missing = try await project("ask tiny --quiet")
      #expect(missing.status == 69, "\(missing)")
      #expect(missing.standardError.contains("the teacher 'told' lacks its file \(folder)/teachers/told.bin"))
      #expect(try await project("teacher serve told").status == 69)
    }
  }
}
