import Basics
import Formats
import Lineage

/// `README.md` of a bundle: the model card that the Hugging Face Hub reads, front matter first. Specified in
/// docs/formats/bundle.md.
public struct ModelCard: Sendable {
  public static let fileName = "README.md"

  /// A measured fact of the datasheet.
  public struct Fact: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
  }

  public var name: String
  public var summary: String
  /// The licence of the bundle, as an SPDX expression.
  public var license: String
  /// A code such as `en`; nil where nobody said it.
  public var language: String?
  public var teachers: [ShippedTeacher]
  /// Nil where nobody judges.
  public var score: Score?
  public var report: VerificationReport
  /// On held-out text; nil where it was not measured.
  public var heldOutBitsPerByte: Double?
  /// What was counted in the data and the model.
  public var facts: [Fact]

  public init(
    name: String, summary: String, license: String, language: String?, teachers: [ShippedTeacher], score: Score?,
    report: VerificationReport, heldOutBitsPerByte: Double?, facts: [Fact]
  ) {
    self.name = name
    self.summary = summary
    self.license = license
    self.language = language
    self.teachers = teachers
    self.score = score
    self.report = report
    self.heldOutBitsPerByte = heldOutBitsPerByte
    self.facts = facts
  }

  public var text: String {
    """
    \(frontMatter)
    # \(name)

    \(summary)

    A language model of \(ReadableUnits.bytes(report.image.byteCount)) for microcontrollers, made and proven by
    [Alambic](README.txt) \(AlambicVersion.current). `model.atome` is the model. `README.txt` says how to check it, run
    it and make it again; `provenance.json` says what it was made of.

    \(evaluation)
    ## Verification

    \(verification)
    ## Licences of what it learned from

    The bundle's licence is \(license); `LICENSES.md` has the terms of each part. What profiles of teachers say about
    their answers:

    \(licences)
    ## Datasheet

    Measured when the bundle was sealed:

    \(Self.table(["fact", "value"], facts.map { [$0.name, $0.value] }))
    `DATASHEET.md` says why the data was made, how, and what it is not fit for.

    """
  }
}

// MARK: - Front matter

extension ModelCard {
  private static let pipelineTag = "text-generation"

  private var frontMatter: String {
    var text = "---\n" + HubLicense.lines(license, link: "LICENSES.md")
    if let language { text += "language:\n- \(HubLicense.quoted(language))\n" }
    text += "library_name: alambic\npipeline_tag: \(Self.pipelineTag)\n"
    text += "tags:\n" + ["alambic", "microcontroller", "tiny", "reproducible"].map { "- \($0)\n" }.joined()
    text += "datasets:\n- \(HubLicense.quoted(name))\n"
    let results = results
    guard !results.isEmpty else { return text + "---\n" }
    text += "metrics:\n- \(score == nil ? Self.bitsPerByte : Self.accuracy)\n"
    return text + "model-index:\n- name: \(HubLicense.quoted(name))\n  results:\n" + results.joined() + "---\n"
  }

  private static let accuracy = "accuracy"
  private static let bitsPerByte = "bits_per_byte"

  private var results: [String] {
    if let score {
      return score.sets.map { set in
        result(
          on: set.set.title, set.set.rawValue, Self.accuracy, "wholly right, per cent of \(set.right.count)",
          set.right.percent)
      }
    }
    return heldOutBitsPerByte.map {
      [result(on: "held-out text", "held-out", Self.bitsPerByte, "bits per byte", $0.rounded(toPlaces: 4))]
    } ?? []
  }

  private func result(
    on data: String, _ configuration: String, _ metric: String, _ title: String, _ value: String
  ) -> String {
    """
      - task:
          type: \(Self.pipelineTag)
        dataset:
          type: \(HubLicense.quoted(name))
          name: \(HubLicense.quoted("\(name), \(data)"))
          config: \(HubLicense.quoted(configuration))
        metrics:
        - type: \(metric)
          name: \(HubLicense.quoted(title))
          value: \(value)

    """
  }
}

// MARK: - Sections

extension ModelCard {
  private var evaluation: String {
    let bits = heldOutBitsPerByte.map { "\nOn held-out text it has \($0.rounded(toPlaces: 3)) bits per byte.\n" } ?? ""
    guard let score else {
      return "## Evaluation\n\nNobody judges this corpus, so there is no score.\n" + bits
    }
    let rows = score.sets.map { set in
      [
        set.set.title, ReadableUnits.count(set.right.count), "\(set.right.percent) % (\(set.right.intervalInPercent))",
        "\(set.wrongRefusalCount)",
      ] + score.baselines.map { $0[set.set].map { "\($0.right.percent) %" } ?? "–" }
    }
    return """
      ## Evaluation

      Replies that are wholly right, with the 95 % interval, beside other ways to answer the same requests. The judge is
      `\(score.judge.rawValue)`; `score.json` has every figure, and `report.html` shows wrong answers.

      \(Self.table(["requests", "asked", "this model", "wrong refusals"] + score.baselines.map(\.name), rows))
      """ + (score.emulated.map { "\n\($0.summary).\n" } ?? "") + bits
  }

  private var verification: String {
    let rows = report.contenders.map { contender in
      [
        contender.name, ReadableUnits.count(contender.comparedLogitCount), String(contender.differingLogitCount),
        contender.firmware.map { ReadableUnits.count($0.flashByteCount) } ?? "–",
        contender.firmware.map { ReadableUnits.count($0.ramByteCount) } ?? "–",
      ]
    }
    return "Logits that were compared with \(report.reference.name)'s, and how many have another bit:\n\n"
      + Self.table(["engine", "logits", "differing", "bytes of flash", "bytes of RAM"], rows)
  }

  private var licences: String {
    teachers.isEmpty
      ? "No teacher was asked: the text was fetched.\n"
      : Self.table(
        ["who", "part", "model", "licence of its answers"],
        teachers.map { [$0.name, $0.role, $0.model, $0.outputsLicense] })
  }

  /// The first column to the left, the others to the right.
  private static func table(_ columns: [String], _ rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.map(cell).joined(separator: " | ") + " |\n" }
    let rule = "|---|" + columns.dropFirst().map { _ in "--:|" }.joined() + "\n"
    return line(columns) + rule + rows.map(line).joined()
  }

  private static func cell(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("\n", with: " ")
  }
}
