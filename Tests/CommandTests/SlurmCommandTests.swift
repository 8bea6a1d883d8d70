import Basics
import Foundation
import TestSupport
import Testing

/// What `alambic slurm` writes and refuses; `make cluster-test` runs it on a cluster.
@Suite("alambic slurm")
struct SlurmCommandTests {
  private static func withProject(
    _ profile: String = "", _ body: (TinyProject, String) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      try AtomicFile.write("schema: alambic.cluster/1\nname: mine\n\(profile)\n", to: "\(folder)/mine.yaml")
      try await body(project, "\(folder)/mine.yaml")
    }
  }

  @Test("--dry-run prints what sbatch is given, and needs no Slurm")
  func script() async throws {
    try await Self.withProject(
      """
      partition: short
      time: "00:30:00"
      memory: 2G
      cpus: 2
      modules: [gcc/12]
      setup: ["ulimit -n 4096"]
      options: ["--constraint=avx512"]
      program: /opt/al'ambic
      maxArraySize: 5
      """
    ) { project, profile in
      let outcome = try await project(
        "slurm submit tiny --parts 10 --at-once 2 --spend-max 5 --cluster \(profile) --dry-run --json")
      let answer = try #require(try outcome.json()["scripts"] as? [String], "\(outcome)")
      #expect(answer.count == 4)
      let workspace = URL(fileURLWithPath: project.workspace).standardizedFileURL.path
      let first = """
        #!/bin/bash
        #SBATCH --job-name=alambic-tiny
        #SBATCH --partition=short
        #SBATCH --time=00:30:00
        #SBATCH --mem=2G
        #SBATCH --cpus-per-task=2
        #SBATCH --constraint=avx512
        #SBATCH --array=1-4%2
        #SBATCH --requeue
        #SBATCH --signal=B:TERM@60
        #SBATCH --output="\(workspace)/parts/tiny/slurm/%A_%a.log"
        #SBATCH --open-mode=append
        set -euo pipefail
        module load gcc/12
        ulimit -n 4096
        export ALAMBIC_PROJECT='\(URL(fileURLWithPath: project.folder).standardizedFileURL.path)'
        export ALAMBIC_WORKSPACE='\(workspace)'
        exec '/opt/al'\\''ambic' ask 'tiny' --part "${SLURM_ARRAY_TASK_ID}/10" --at-once 2 '--spend-max' '5.0' --quiet

        """
      #expect(answer[0] == first)
      #expect(answer[1].contains("#SBATCH --array=1-4%2\n") && answer[1].contains("$((SLURM_ARRAY_TASK_ID + 4))/10"))
      #expect(answer[2].contains("#SBATCH --array=1-2%2\n") && answer[2].contains("$((SLURM_ARRAY_TASK_ID + 8))/10"))
      #expect(answer[3].contains(" merge 'tiny' --parts 10 --quiet\n") && !answer[3].contains("--array"))
      // What is complete is not submitted again.
      for number in [2, 3, 9] { #expect(try await project("ask tiny --quiet --part \(number)/10").status == 0) }
      let rest = try await project("slurm submit tiny --parts 10 --cluster \(profile) --dry-run")
      let arrays = rest.standardOutput.split(separator: "\n").filter { $0.contains("--array") }
      #expect(arrays == ["#SBATCH --array=1,4", "#SBATCH --array=1-4", "#SBATCH --array=2"], "\(rest)")
    }
  }

  @Test("a command behind -- is submitted as it is, and counts as complete by its own parts")
  func command() async throws {
    try await Self.withProject("program: /a\ncpus: 2\nmaxArraySize: 5") { project, profile in
      let folder = URL(fileURLWithPath: project.folder).standardizedFileURL.path
      for name in ["a b", "c"] {
        let lines = (0..<50).map { "{\"text\":\"text \($0) of \(name)\"}\n" }
        try AtomicFile.write(lines.joined(), to: "\(folder)/\(name).jsonl")
      }
      try AtomicFile.write(String(repeating: "a text for all. ", count: 500), to: "\(folder)/c.txt")
      func run(_ words: [String]) async throws -> AlambicCommand.Outcome {
        try await project.alambic.run(words, environment: ["ALAMBIC_PROJECT": project.folder])
      }
      let curate = ["curate", "--input", "a b.jsonl", "c.jsonl", "--near", "0.7", "--output", "out"]
      let submit = ["slurm", "submit", "--parts", "6", "--at-once", "2", "--cluster", profile, "--dry-run"]
      #expect(try await run(curate + ["--part", "2/6"]).status == 0)
      #expect(try await run(curate.filter { $0 != "--near" && $0 != "0.7" } + ["--part", "3/6"]).status == 0)
      let text = try await run(submit + ["--"] + curate).standardOutput
      let words = "curate --input 'a b.jsonl' 'c.jsonl' --near '0.7' --output 'out'"
      #expect(text.contains("#SBATCH --job-name=alambic-out\n"), "\(text)")
      #expect(text.contains("#SBATCH --output=\"\(folder)/out/parts/slurm/%A_%a.log\"\n"), "\(text)")
      // Part 3 is of other options.
      #expect(text.contains("#SBATCH --array=1,3-4%2\n") && text.contains("#SBATCH --array=1-2%2\n"), "\(text)")
      #expect(
        text.contains("cd '\(folder)'\nexec '/a' \(words) --part \"${SLURM_ARRAY_TASK_ID}/6\" --threads 2 --quiet\n"),
        "\(text)")
      #expect(text.contains("cd '\(folder)'\nexec '/a' \(words) --merge 6 --quiet\n"), "\(text)")
      let threads = try await run(submit + ["--"] + curate + ["--threads", "1"]).standardOutput
      #expect(!threads.contains("--threads 2"))
      let compare = ["compare", "--data", "c.txt", "--contestant", "atome-60k", "--out", "table"]
      #expect(try await run(submit + ["--"] + compare).standardOutput.contains(" --out 'table' --merge 6 --quiet\n"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/table"))
    }
  }

  @Test("what cannot be done in parts is not submitted")
  func commandRefusals() async throws {
    try await Self.withProject { project, profile in
      let submit = "slurm submit --parts 6 --cluster \(profile) --dry-run"
      for (line, words) in [
        ("\(submit)", "takes a corpus, a sweep's file, or a command"),
        ("\(submit) tiny -- curate --input a.jsonl --output out", "takes a corpus, a sweep's file, or a command"),
        ("\(submit) --spend-max 5 -- curate --input a.jsonl --output out", "--spend-max is for a corpus"),
        ("\(submit) -- train tiny", "'train' is not a command that takes --part"),
        ("\(submit) -- curate tiny", "alambic ask tiny --part 1/16"),
        ("\(submit) -- curate --input - --format jsonl --output out", "no job reads standard input"),
        ("\(submit) -- curate --input a.jsonl", "add --output FOLDER"),
        ("\(submit) -- curate --input a.jsonl --output out --part 1/6", "--part is what each job is told"),
        ("\(submit) -- curate --input a.jsonl --output out --merge 6", "--merge is what each job is told"),
        ("\(submit) -- curate --input a.jsonl --output out --nera off", "Unknown option '--nera'"),
        ("\(submit) -- compare --data \(profile) --tune --out table", "--tune does not go with --part"),
        ("\(submit) -- evaluate tiny --output out", "only a text is evaluated in parts"),
        ("\(submit) -- curate --input a.jsonl --output a%b", "sbatch would read otherwise"),
      ] {
        let outcome = try await project(line)
        #expect(outcome.status == 64 && outcome.standardError.contains(words), "\(line): \(outcome)")
      }
      let merged = try await project("merge ./out")
      #expect(merged.status == 64 && merged.standardError.contains("call it with --merge"), "\(merged)")
    }
  }

  @Test("without Slurm every call says so, with status 69")
  func absent() async throws {
    try await Self.withProject { project, profile in
      for call in [
        "submit tiny --parts 2 --cluster \(profile)", "status tiny", "retry tiny", "cancel tiny", "merge tiny",
        "submit --parts 2 --cluster \(profile) -- curate --input \(profile) --format text --output out",
      ] {
        let outcome = try await project.alambic.run(
          ["slurm"] + call.split(separator: " ").map(String.init),
          environment: ["ALAMBIC_PROJECT": project.folder, "PATH": project.folder])
        #expect(outcome.status == 69, "\(outcome)")
        #expect(outcome.standardError.contains("Slurm is not on this machine"), "\(outcome)")
        #expect(outcome.standardError.contains("hint: "), "\(outcome)")
      }
    }
  }

  @Test("a profile's mistake is named with its place")
  func profile() async throws {
    for (line, words) in [
      ("partitoin: short", "did you mean 'partition'?"), ("partition: \"a\\n#SBATCH --x\"", "partition"),
      ("setup: [\"a\\nb\"]", "more than one line"), ("options: [\"--array=1-3\"]", "which `alambic slurm` sets"),
      ("options: [constraint]", "is not an option of sbatch"), ("maxArraySize: 1", "outside"), ("cpus: 0", "outside"),
      ("time: -1", "letters, digits"),
    ] {
      try await Self.withProject(line) { project, profile in
        let outcome = try await project("slurm submit tiny --parts 2 --cluster \(profile) --dry-run")
        #expect(outcome.status == 65 && outcome.standardError.contains(words), "\(outcome)")
      }
    }
  }
}
