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
        ("verdict", report.verdict.rawValue),
        ("image", report.image.id.description),
        ("prompts", "\(report.vectors.promptCount), each continued by \(report.vectors.generatedByteCount) bytes"),
        ("sampled", "\(report.vectors.sampledPromptCount ?? 0) of the prompts, the others greedy"),
        ("compared logits", ReadableUnits.count(report.comparedLogitCount)),
        ("differing logits", ReadableUnits.count(report.differingLogitCount)),
      ] + textFacts(report) + report.contenders.compactMap(firmwareFact),
      sections: [
        Section(
          title: "Contenders", columns: ["contender", "compared", "differing", "flags"],
          rows: report.contenders.map {
            [$0.name, String($0.comparedLogitCount), String($0.differingLogitCount), $0.flags]
          })
      ])
  }

  /// What the contenders encoded; nothing where tokens are bytes.
  private static func textFacts(_ report: VerificationReport) -> [(String, String)] {
    guard let texts = report.texts else { return [] }
    return [
      ("encoded text", ReadableUnits.bytes(report.encodedByteCount)),
      ("compared tokens", ReadableUnits.count(texts.comparedTokenCount)),
      ("differing tokens", ReadableUnits.count(texts.differingTokenCount)),
      ("bytes decoded otherwise", ReadableUnits.count(texts.differingByteCount)),
    ]
  }

  static let score = Explainer {
    $0.hasSchema("alambic.score")
  } explain: { file in
    let score = try Score(reading: file.bytes, name: file.path)
    return Inspection(
      "score", file,
      facts: [
        ("image", score.image.description), ("vocabulary", score.vocabulary?.description ?? "bytes"),
        ("judge", score.judge.rawValue), ("answered by", score.engine),
      ] + (score.emulated.map { [("emulated", $0.summary)] } ?? []),
      sections: [
        Section(
          title: "Wholly right", columns: ["questions", "asked", "right", "share"] + score.baselines.map(\.name),
          rows: score.sets.map { result in
            [
              result.set.title, String(result.right.count), String(result.right.rightCount),
              "\(result.right.percent) %",
            ] + score.baselines.map { $0[result.set].map { "\($0.right.percent) %" } ?? "" }
          })
      ])
  }

  /// What a contender's firmware takes of its board; nil on the host.
  private static func firmwareFact(_ contender: VerificationReport.Contender) -> (String, String)? {
    contender.firmware.map { firmware in
      (
        firmware.board,
        "\(ReadableUnits.count(firmware.flashByteCount)) bytes of flash, "
          + "\(ReadableUnits.count(firmware.ramByteCount)) bytes of RAM"
      )
    }
  }

  /// A ustar archive has its magic 257 bytes into the first header.
  static let bundle = Explainer {
    $0.starts(with: "ustar", at: 257)
  } explain: { file in
    let bundle = try BundleReader.read(file.bytes, name: file.path)
    return Inspection(
      "bundle", file,
      facts: [
        ("name", bundle.manifest.name), ("bundle id", bundle.id.description),
        ("sealed by", "alambic \(bundle.manifest.alambicVersion)"),
        ("files", "\(bundle.files.count), all checksums match"),
      ],
      sections: [
        Section(
          title: "Files", columns: ["file", "size", "id"],
          rows: bundle.manifest.files.map { [$0.path, ReadableUnits.bytes($0.byteCount), $0.id.short] })
      ])
  }
}
