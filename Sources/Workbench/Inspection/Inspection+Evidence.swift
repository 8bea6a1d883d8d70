import Basics
import Formats
import Lineage

extension Inspection {
  static let report = Explainer {
    $0.hasSchema("alambic.verify")
  } explain: { file in
    let report = try VerificationReport(reading: file.bytes, name: file.path)
    return Inspection(
      "verification report", file,
      facts: [
        Fact("verdict", "verdict", .text(report.verdict.rawValue)),
        Fact("image", "image", .id(report.image.id)),
        Fact("promptCount", "prompts", .count(report.vectors.promptCount)),
        Fact("sampledPromptCount", "sampled prompts", .count(report.vectors.sampledPromptCount ?? 0)),
        Fact(
          "generatedByteCount", "each continued by", .count(report.vectors.generatedByteCount), unit: "bytes"),
        Fact("comparedLogitCount", "compared logits", .count(report.comparedLogitCount)),
        Fact("differingLogitCount", "differing logits", .count(report.differingLogitCount)),
      ] + textFacts(report),
      sections: [
        Section(
          "Contenders",
          [
            ("contender", "contender"), ("comparedLogitCount", "compared"), ("differingLogitCount", "differing"),
            ("flags", "flags"),
          ],
          rows: report.contenders.map {
            [.text($0.name), .count($0.comparedLogitCount), .count($0.differingLogitCount), .text($0.flags)]
          })
      ] + firmware(report))
  }

  /// What the contenders encoded; nothing where tokens are bytes.
  private static func textFacts(_ report: VerificationReport) -> [Fact] {
    guard let texts = report.texts else { return [] }
    return [
      Fact("encodedByteCount", "encoded text", .bytes(report.encodedByteCount)),
      Fact("comparedTokenCount", "compared tokens", .count(texts.comparedTokenCount)),
      Fact("differingTokenCount", "differing tokens", .count(texts.differingTokenCount)),
      Fact("differingByteCount", "bytes decoded otherwise", .count(texts.differingByteCount)),
    ]
  }

  static let score = Explainer {
    $0.hasSchema("alambic.score")
  } explain: { file in
    let score = try Score(reading: file.bytes, name: file.path)
    return Inspection(
      "score", file,
      facts: [
        Fact("image", "image", .id(score.image)),
        Fact("vocabulary", "vocabulary", .optional(score.vocabulary, InspectedValue.id, else: "bytes")),
        Fact("judge", "judge", .text(score.judge.rawValue)), Fact("engine", "answered by", .text(score.engine)),
      ] + (score.emulated.map { [Fact("emulated", "emulated", .text($0.summary))] } ?? []),
      sections: [
        Section(
          "Wholly right",
          [("questions", "questions"), ("askedCount", "asked"), ("rightCount", "right"), ("rightShare", "share")]
            + score.baselines.map { ($0.name, $0.name) },
          rows: score.sets.map { result in
            [
              .text(result.set.title), .count(result.right.count), .count(result.right.rightCount),
              .share(result.right.share),
            ] + score.baselines.map { .optional($0[result.set], { .share($0.right.share) }, else: "") }
          })
      ])
  }

  /// What the contenders' firmware takes of its boards; nothing where all ran on the host.
  private static func firmware(_ report: VerificationReport) -> [Section] {
    let rows: [[InspectedValue]] = report.contenders.compactMap(\.firmware).map {
      [.text($0.board), .count($0.flashByteCount), .count($0.ramByteCount)]
    }
    guard !rows.isEmpty else { return [] }
    return [
      Section(
        "Firmware", [("board", "board"), ("flashByteCount", "bytes of flash"), ("ramByteCount", "bytes of RAM")],
        rows: rows)
    ]
  }

  /// A ustar archive has its magic 257 bytes into the first header.
  static let bundle = Explainer {
    $0.starts(with: "ustar", at: 257)
  } explain: { file in
    let bundle = try BundleReader.read(file.bytes, name: file.path)
    return Inspection(
      "bundle", file,
      facts: [
        Fact("name", "name", .text(bundle.manifest.name)), Fact("bundle", "bundle id", .id(bundle.id)),
        Fact("alambicVersion", "sealed by alambic", .text(bundle.manifest.alambicVersion)),
        Fact("fileCount", "files", .count(bundle.files.count)), .checksumsMatch,
      ],
      sections: [files(of: bundle.manifest)])
  }

  static func files(of manifest: BundleManifest) -> Section {
    Section(
      "Files", [("file", "file"), ("byteCount", "size"), ("id", "id")],
      rows: manifest.files.map { [.text($0.path), .bytes($0.byteCount), .id($0.id)] })
  }
}
