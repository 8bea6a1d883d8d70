import Basics
import Foundation
import TestSupport
import Testing

/// `alambic new`, from nothing to a corpus that can be asked.
@Suite("alambic new")
struct NewCommandTests {
  private static let topics = "boiling water, keeping warm, limescale"

  /// An empty project with the repository's teachers.
  private func withProject(_ body: (TinyProject) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in try await body(try TinyProject(in: folder)) }
  }

  private func run(_ arguments: [String], in project: TinyProject) async throws -> AlambicCommand.Outcome {
    try await project.alambic.run(arguments, environment: ["ALAMBIC_PROJECT": project.folder])
  }

  private func corpora(of project: TinyProject) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(project.folder)/Corpora").sorted()
  }

  private func text(_ path: String, in project: TinyProject) throws -> String {
    String(decoding: try AtomicFile.read("\(project.folder)/Corpora/\(path)"), as: UTF8.self)
  }

  @Test("with options it asks nothing; what it writes can be asked, and its prompts are the ones shown")
  func options() async throws {
    try await withProject { project in
      let outcome = try await run(
        ["new", "kettle", "--about", "What guests ask a kettle", "--teacher", "thermostat", "--topics", Self.topics],
        in: project)
      #expect(outcome.status == 0 && outcome.standardError.isEmpty, "\(outcome)")
      #expect(outcome.standardOutput.contains("\nnext: alambic ask kettle --dry-run\n"), "\(outcome)")
      let preview = try await project("ask kettle --dry-run")
      #expect(preview.status == 0 && preview.standardOutput.contains("requests   200 to send"), "\(preview)")
      let asked = try #require(preview.standardOutput.split(separator: "\n").first { $0.hasPrefix("  [user] ") })
      let shown = outcome.standardOutput.split(separator: "\n").filter { $0.hasPrefix("  [user] ") }
      #expect(shown.count == 3 && shown.first == asked && Set(shown).count == 3)
      #expect(try text("kettle/words/topics.txt", in: project).hasSuffix("\nboiling water\nkeeping warm\nlimescale\n"))
      for file in ["DATASHEET.md", "LICENSES.md"] {
        #expect(try text("kettle/\(file)", in: project).contains(": kettle\n"))
      }
      #expect(try text("kettle/recipe.yaml", in: project).contains("shipping: {license: \"CC0-1.0\"}"))
    }
  }

  @Test("both kinds come from nothing to a trained student", arguments: ["dialogue", "text"])
  func student(kind: String) async throws {
    try await withProject { project in
      let made = try await run(
        [
          "new", "kettle", "--about", "A kettle.", "--kind", kind, "--teacher", "thermostat", "--topics", Self.topics,
          "--count", "6", "--json",
        ], in: project)
      #expect(made.status == 0, "\(made)")
      let answer = try made.json()
      #expect(answer["schema"] as? String == "alambic.new/1" && answer["promptCount"] as? Int == 6)
      #expect((answer["prompts"] as? [Any])?.count == 3)
      let recipe = try text("kettle/recipe.yaml", in: project)
      try AtomicFile.write(
        recipe.replacing(#/steps: \d+/#, with: "steps: 8"), to: "\(project.folder)/Corpora/kettle/recipe.yaml")
      let trained = try await project("make kettle --quiet --until train")
      #expect(trained.status == 0, "\(trained)")
    }
  }

  @Test(
    "what a person writes comes back as it is, whatever YAML makes of such marks",
    arguments: [
      #"A "kettle": it's {hot} # not cold"#, #"C:\kettle\n"#, "Wasserkocher für Gäste — heiß!", "- no list", "12",
      "{{brace}}", "null", "%tag &anchor *alias",
    ])
  func quoting(about: String) async throws {
    try await withProject { project in
      let made = try await run(
        [
          "new", "kettle", "--about=\(about)", "--teacher", "thermostat", "--topics", "it's \"hot\", {tea}, a: b, 100%",
          "--forms", "a note, a \\ line",
        ], in: project)
      #expect(made.status == 0, "\(made)")
      let shown = try await project("corpus show kettle --json").json()
      #expect((shown["recipe"] as? [String: Any])?["description"] as? String == about)
      let preview = try await project("ask kettle --dry-run")
      #expect(preview.status == 0 && preview.standardOutput.contains(about), "\(preview)")
    }
  }

  @Test("what is there is never touched, also where it is no corpus")
  func existing() async throws {
    try await withProject { project in
      let arguments = ["--about", "A kettle.", "--teacher", "thermostat", "--topics", Self.topics]
      try AtomicFile.write("mine", to: "\(project.folder)/Corpora/notes/mine.txt")
      try FileManager.default.createSymbolicLink(
        atPath: "\(project.folder)/Corpora/link", withDestinationPath: "/nowhere/at/all")
      let recipe = try text("tiny/recipe.yaml", in: project)
      for name in ["tiny", "notes", "link"] {
        let outcome = try await run(["new", name] + arguments, in: project)
        expect(
          outcome,
          is: .refusal(
            64, "\(project.folder)/Corpora/\(name) is there already, and nothing in it was touched",
            hint: "choose another name, or edit \(project.folder)/Corpora/\(name)/recipe.yaml"))
      }
      #expect(try text("tiny/recipe.yaml", in: project) == recipe && text("notes/mine.txt", in: project) == "mine")
      #expect(try corpora(of: project) == ["link", "notes", "tiny"])
    }
  }

  @Test(
    "a name that is no corpus's makes nothing",
    arguments: [
      "Kettle", "1kettle", "ket tle", "../kettle", "a/b", ".", "kettle.", "wärme", String(repeating: "k", count: 65),
    ])
  func badNames(name: String) async throws {
    try await withProject { project in
      expect(
        try await run(
          ["new", name, "--about", "A kettle.", "--teacher", "thermostat", "--topics", Self.topics], in: project),
        is: .refusal(
          64, "'\(name)' is not a name for a corpus",
          hint: "names have lower-case letters, digits and '-', start with a letter, and are at most 64"))
      #expect(try corpora(of: project) == ["tiny"])
    }
  }

  @Test("without a terminal it says which options are missing, and makes nothing")
  func noTerminal() async throws {
    try await withProject { project in
      let outcome = try await project("new kettle --about kettles")
      #expect(outcome.status == 64 && outcome.standardOutput.isEmpty, "\(outcome)")
      #expect(outcome.standardError.contains("is not a terminal; missing: --teacher, --topics\n"), "\(outcome)")
      let few = try await project("new kettle --about kettles --teacher thermostat --topics one,two")
      #expect(few.status == 64 && few.standardError.contains("--topics: 2 topics are too few"), "\(few)")
      let teacher = try await project("new kettle --about kettles --teacher opnai --topics a,b,c")
      #expect(teacher.status == 64 && teacher.standardError.contains("did you mean 'openai'?"), "\(teacher)")
      for bad in ["--kind text --people a,b", "--forms a,b --people a,b", "--describe x", "--count 0"] {
        let outcome = try await project("new kettle --about k --teacher thermostat --topics a,b,c \(bad)")
        #expect(outcome.status == 64, "\(outcome)")
      }
      #expect(try corpora(of: project) == ["tiny"])
    }
  }
}

// MARK: - From a manual

extension NewCommandTests {
  private static let manual = "# Kettle\r\n\r\nIt boils in a minute.\r\n\r\n## Descaling\r\n\r\nUse vinegar.\r\n"

  @Test("a manual takes the place of topics: it is copied as it is, and each prompt holds a passage of it")
  func manual() async throws {
    try await withProject { project in
      let path = "\(project.folder)/my manual.md"
      try AtomicFile.write(Self.manual, to: path)
      let arguments = ["--about", "A kettle.", "--teacher", "thermostat", "--passages", path]
      for (name, kind) in [("faq", "dialogue"), ("stories", "text")] {
        let made = try await run(["new", name, "--kind", kind, "--count", "8"] + arguments, in: project)
        #expect(made.status == 0, "\(made)")
        #expect(try text("\(name)/my manual.md", in: project) == Self.manual)
        #expect(try text("\(name)/LICENSES.md", in: project).contains("| `my manual.md`, a copy |"))
        let asked = made.standardOutput.replacing("\n         ", with: "\n").split(separator: "[user] ").dropFirst()
        #expect(asked.count == 3, "\(made)")
        for prompt in asked {
          #expect(
            prompt.contains("It boils in a minute.") != prompt.contains("## Descaling\n\nUse vinegar."), "\(prompt)")
        }
        #expect(try await project("ask \(name) --quiet").status == 0)
      }
      let both = try await run(["new", "both", "--topics", Self.topics] + arguments, in: project)
      #expect(both.status == 0, "\(both)")
      #expect(try text("both/recipe.yaml", in: project).contains("about {topic}"))
    }
  }

  @Test("a manual that cannot be cut is named as the person named it, and makes nothing")
  func badManual() async throws {
    try await withProject { project in
      let arguments = ["new", "faq", "--about", "A kettle.", "--teacher", "thermostat", "--passages"]
      let path = "\(project.folder)/faq.csv"
      try AtomicFile.write("question,answer\nIs it hot?,\"Yes, very.\"\n", to: path)
      for (more, said) in [
        ([], "\(path) has fields, and none is named"), (["--field", "anser"], "\(path), line 1, has no 'anser'"),
      ] {
        let outcome = try await run(arguments + [path] + more, in: project)
        #expect(outcome.status == 65 && outcome.standardError.contains("error: \(said)\n"), "\(outcome)")
      }
      let missing = try await run(arguments + ["\(project.folder)/none.md"], in: project)
      #expect(missing.status == 65 && missing.standardError.contains("no such file: "), "\(missing)")
      try AtomicFile.write("x", to: "\(project.folder)/LICENSES.md")
      let taken = try await run(arguments + ["\(project.folder)/LICENSES.md"], in: project)
      #expect(taken.status == 64 && taken.standardError.contains("of its own"), "\(taken)")
      #expect(try corpora(of: project) == ["tiny"])
      #expect(try await run(arguments + [path, "--field", "answer"], in: project).status == 0)
    }
  }
}

// MARK: - At a terminal

extension NewCommandTests {
  @Test("five questions make a corpus; an answer that will not do is asked again; the terminal is as it was")
  func interview() async throws {
    try await withProject { project in
      let terminal = try PseudoTerminal()
      let mode = terminal.mode
      let status = try await project.alambic.run(
        ["new", "kettle"], at: terminal,
        environment: ["ALAMBIC_PROJECT": project.folder, "TERM": "xterm", "NO_COLOR": "1"]
      ) { _ in
        try await terminal.wait(for: "1. What is it, in a sentence?")
        terminal.type("\r")
        try await terminal.wait(for: "no: says nothing; write a sentence")
        terminal.type("What guests ask a kettle.\r")
        try await terminal.wait(for: "2. dialogue")
        terminal.type("poem\r")
        try await terminal.wait(for: "no: 'poem' is neither")
        terminal.type("\r")
        try await terminal.wait(for: "3. Which teacher writes it? [thermostat]")
        terminal.type("thermosat\r")
        try await terminal.wait(for: "did you mean 'thermostat'?")
        terminal.type("\r")
        try await terminal.wait(for: "4. What is it about?")
        terminal.type("tea\r")
        try await terminal.wait(for: "no: 1 topics are too few")
        terminal.type("tea, coffee, limescale\r")
        try await terminal.wait(for: "5. Who types to it? [a child,")
        terminal.type("a guest, a cook\r")
        try await terminal.wait(for: "next: alambic ask kettle --dry-run")
      }
      #expect(status == 0 && terminal.mode == mode)
      #expect(try text("kettle/words/people.txt", in: project).hasSuffix("\na guest\na cook\n"))
      #expect(try await project("ask kettle --dry-run").status == 0)
    }
  }

  @Test("who leaves has made nothing", arguments: ["\u{03}", "\u{04}"])
  func left(key: String) async throws {
    try await withProject { project in
      let terminal = try PseudoTerminal()
      let mode = terminal.mode
      let status = try await project.alambic.run(
        ["new", "kettle", "--kind", "text"], at: terminal,
        environment: ["ALAMBIC_PROJECT": project.folder, "TERM": "xterm", "NO_COLOR": "1"]
      ) { _ in
        try await terminal.wait(for: "1. What is it")
        terminal.type("Stories.\r")
        try await terminal.wait(for: "2. Which teacher")
        terminal.type(key)
        try await terminal.wait(for: "error: stopped; nothing was made")
      }
      #expect(status == 75 && terminal.mode == mode)
      #expect(try corpora(of: project) == ["tiny"])
    }
  }
}

// MARK: - From a description

extension NewCommandTests {
  /// A project with a teacher that answers so.
  private func withTeacher(
    _ answer: String, reason: String = "stop", _ body: (TinyProject, LoopbackServer) async throws -> Void
  ) async throws {
    let content = String(decoding: try JSONEncoder().encode(answer), as: UTF8.self)
    let reply =
      #"{"model":"m","choices":[{"message":{"content":\#(content)},"finish_reason":"\#(reason)"}],"#
      + #""usage":{"prompt_tokens":100,"completion_tokens":200}}"#
    try await withLoopbackServer { _ in
      .json(reply)
    } _: { server in
      try await withProject { project in
        try AtomicFile.write(
          """
          schema: alambic.teacher/1
          name: drafter
          dialect: openai-chat
          endpoint: \(server.url)/v1
          model: any
          pricePerMillionTokens: {prompt: 1000, completion: 1000}
          outputsLicense: our own terms

          """, to: "\(project.folder)/teachers/drafter.yaml")
        try await body(project, server)
      }
    }
  }

  private static let draft = """
    Here you are:
    ```json
    {"topics": ["boiling water", "Boiling  water", "limescale.", 7, "", "# no", "tea\\u0007", "keeping it warm"],
     "people": ["a child", "a guest"], "manners": ["politely", "in few words"], "more": NaN}
    ```
    """

  @Test("a teacher drafts the lists in one request, which is paid once and read with care")
  func described() async throws {
    try await withTeacher(Self.draft) { project, server in
      let arguments = ["--describe", "a kettle\n  that talks", "--teacher", "drafter"]
      let made = try await run(["new", "kettle"] + arguments, in: project)
      #expect(made.status == 0 && made.standardError.contains("$0.30, 5 entries left out"), "\(made)")
      #expect(
        try text("kettle/words/topics.txt", in: project).hasSuffix("\nboiling water\nlimescale\nkeeping it warm\n"))
      #expect(try text("kettle/recipe.yaml", in: project).contains(#"shipping: {license: "LicenseRef-teacher-terms"}"#))
      #expect(try await project("ask kettle --dry-run").status == 0)
      let again = try await run(["new", "kettle-2"] + arguments, in: project)
      #expect(again.status == 0 && server.requests.count == 1, "\(again)")
      let anew = try await run(["new", "kettle-3", "--seed", "2"] + arguments, in: project)
      #expect(anew.status == 0 && server.requests.count == 2, "\(anew)")
    }
  }

  @Test("the limit holds for a draft, and a name that is taken costs nothing")
  func limits() async throws {
    try await withTeacher(Self.draft) { project, server in
      let arguments = ["--describe", "a kettle", "--teacher", "drafter"]
      let dear = try await run(["new", "kettle", "--spend-max", "0.01"] + arguments, in: project)
      #expect(dear.status == 75 && server.requests.isEmpty, "\(dear)")
      #expect(try await run(["new", "tiny"] + arguments, in: project).status == 64 && server.requests.isEmpty)
      #expect(try corpora(of: project) == ["tiny"])
    }
  }

  @Test(
    "an answer of no use is refused with its reason, and makes nothing",
    arguments: [
      ("> is it hot\n< Yes.", "stop", "holds no JSON object"), ("", "stop", "is empty"),
      ("{\"topics\": [\"a\", }", "stop", "holds no JSON that can be read"),
      ("{\"topics\": [\"a\", \"b\", \"c\"]}", "stop", "lacks the list 'people'"),
      ("{\"topics\": [\"a\", \"A\", \"a.\"]}", "stop", "has 1 topics of use, and 3 are needed"),
      ("{\"topics\": [\"a\", \"b\"], \"people\": {}", "length", "was cut before its end"),
    ])
  func useless(answer: String, reason: String, said: String) async throws {
    try await withTeacher(answer, reason: reason) { project, _ in
      let outcome = try await run(["new", "kettle", "--describe", "a kettle", "--teacher", "drafter"], in: project)
      #expect(outcome.status == 65 && outcome.standardError.contains(said), "\(outcome)")
      #expect(outcome.standardError.contains("write the lists yourself"), "\(outcome)")
      #expect(try corpora(of: project) == ["tiny"])
    }
  }

  @Test("the scripted teacher, asked for a draft, is refused and not believed")
  func scripted() async throws {
    try await withProject { project in
      let outcome = try await run(["new", "kettle", "--describe", "a kettle", "--teacher", "thermostat"], in: project)
      #expect(outcome.status == 65 && outcome.standardError.contains("holds no JSON object"), "\(outcome)")
    }
  }
}
