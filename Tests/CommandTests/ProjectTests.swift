import Basics
import Foundation
import TestSupport
import Testing

@Suite("alambic, on a project that is not whole")
struct ProjectTests {
  @Test("a folder that is no project is refused")
  func folder() async throws {
    try await withTemporaryFolder { folder in
      expect(
        try await AlambicCommand(in: folder).run(["make", "tiny"], environment: ["ALAMBIC_PROJECT": folder]),
        is: .refusal(
          64, "ALAMBIC_PROJECT is '\(folder)', which holds no Corpora/ and teachers/",
          hint: "point it at a checkout of Alambic, or at a folder of yours with those two"))
    }
  }

  @Test("a recipe's mistakes are named with their line, and what was probably meant")
  func recipe() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let path = "\(folder)/Corpora/tiny/recipe.yaml"
      let recipe = String(decoding: try AtomicFile.read(path), as: UTF8.self)
      try AtomicFile.write(recipe.replacingOccurrences(of: "seed: 1\nteacher", with: "sede: 1\nteacher"), to: path)
      let misspelt = try await project("make tiny --dry-run")
      #expect(misspelt.status == 65 && misspelt.standardOutput.isEmpty)
      #expect(
        misspelt.standardError.hasPrefix("error: \(path): sede (line 4) is not a known key\n\nhint: known keys: "))
      try AtomicFile.write(recipe.replacingOccurrences(of: "teacher: ther", with: "teacher: hter"), to: path)
      expect(
        try await project("make tiny --dry-run"),
        is: .refusal(
          64, "there is no teacher named 'htermostat' in \(folder)/teachers",
          hint: "did you mean 'thermostat'? teachers: anthropic, azure, commands, gemini, litellm, llama-cpp, mistral, "
            + "ollama, openai, openai-reasoning, openrouter, stories260k, thermostat, "
            + "vllm"))
      try AtomicFile.write(recipe, to: path)
      try FileManager.default.removeItem(atPath: "\(folder)/Corpora/tiny/words/people.txt")
      expect(
        try await project("make tiny --dry-run"),
        is: .refusal(
          65, "no such file: \(folder)/Corpora/tiny/words/people.txt",
          hint: "check the path; relative paths start at the current folder"))
    }
  }

  @Test("a ledger that is none is left alone")
  func ledger() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      try AtomicFile.write("not a ledger at all, but a note", to: project.path("ledger.sqlite"))
      expect(
        try await project("make tiny"),
        is: .refusal(
          65, ".alambic/ledger.sqlite is not a ledger: it is not an SQLite file",
          hint: "move that file away, or use another path"))
      #expect(try AtomicFile.read(project.path("ledger.sqlite")).count == 31)
    }
  }

  @Test("a teacher that wants a key is not asked without one")
  func key() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let path = "\(folder)/Corpora/tiny/recipe.yaml"
      let recipe = String(decoding: try AtomicFile.read(path), as: UTF8.self)
      try AtomicFile.write(recipe.replacingOccurrences(of: "teacher: thermostat", with: "teacher: keyed"), to: path)
      try await withLoopbackServer { _ in
        .json("{\"error\": {\"message\": \"no such key\"}}", status: 401)
      } _: {
        server in
        try AtomicFile.write(
          """
          schema: alambic.teacher/1
          name: keyed
          dialect: openai-chat
          endpoint: \(server.url)/v1
          model: any
          keyVariable: ALAMBIC_TEST_KEY
          outputsLicense: none

          """, to: "\(folder)/teachers/keyed.yaml")
        expect(
          try await project("ask tiny --quiet"),
          is: .refusal(
            69, "the teacher 'keyed' needs a key in the environment variable ALAMBIC_TEST_KEY, which is not set",
            hint: "export ALAMBIC_TEST_KEY=… with your key, then run this again"))
        #expect(server.requests.isEmpty)
        let refused = try await project.alambic.run(
          ["ask", "tiny", "--quiet"], environment: ["ALAMBIC_PROJECT": folder, "ALAMBIC_TEST_KEY": "sk-very-secret"])
        expect(
          refused,
          is: .refusal(
            69,
            "the teacher answers with an error: status 401: no such key; "
              + "0 of 24 open requests were answered and are stored",
            hint: "check the key in the variable that the teacher's profile names"))
        #expect(server.requests.first?.headers["authorization"] == "Bearer sk-very-secret")
        // The key must be nowhere in the workspace.
        let files = try #require(FileManager.default.enumerator(atPath: project.workspace)).compactMap { $0 as? String }
        #expect(files.contains("ledger.sqlite"))
        for file in files { #expect(try !Self.holds("sk-very-secret", project.path(file)), "\(file)") }
      }
    }
  }

  private static func holds(_ text: String, _ path: String) throws -> Bool {
    try AtomicFile.read(path).firstRange(of: Array(text.utf8)) != nil
  }
}
