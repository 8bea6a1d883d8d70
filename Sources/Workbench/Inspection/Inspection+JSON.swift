import Basics
import Conversation
import Formats
import Foundation
import Lineage
import Shipping

extension InspectedFile {
  /// Whether the file begins as an object or a list of JSON does.
  var beginsAsJSON: Bool {
    guard let first = bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else { return false }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }

  /// Nil for what is not one text of JSON.
  var json: JSONValue? { beginsAsJSON ? try? CanonicalJSON.decode(JSONValue.self, from: bytes) : nil }

  /// Whether the file says that it is of this format, whichever version.
  func hasSchema(_ name: String) -> Bool { json?["schema"]?.text?.hasPrefix("\(name)/") ?? false }
}

extension Inspection {
  /// Whatever is JSON and of no format that is explained by itself.
  static let json = Explainer {
    $0.beginsAsJSON
  } explain: { file in
    guard let value = file.json else { return try lines(of: file) }
    if value["schema"]?.text?.hasPrefix("alambic.transcript/") == true { return try transcript(file, value) }
    if value["_type"]?.text?.hasPrefix("https://in-toto.io/Statement/") == true { return try statement(file, value) }
    if let mediaType = value["mediaType"]?.text, mediaType.hasPrefix("application/vnd.dev.sigstore.bundle") {
      return Inspection(
        "signature", file,
        facts: [
          Fact("mediaType", "media type", .text(mediaType)),
          Fact(
            "payloadType", "signs",
            .optional(value["dsseEnvelope"]?["payloadType"]?.text, InspectedValue.text, else: "nothing")),
          Fact("check", "check", .text("alambic verify BUNDLE --signed-by key.pub.pem")),
        ])
    }
    if value["schema"]?.text == BundleManifest.currentSchema { return try manifest(file) }
    if let receipts = try? CanonicalJSON.decode([ShippedReceipt].self, from: file.bytes), !receipts.isEmpty {
      return chain(receipts, file)
    }
    return Inspection("JSON", file, facts: outline(of: value))
  }

  /// What is there to say of any JSON.
  private static func outline(of value: JSONValue) -> [Fact] {
    if let items = value.items {
      return [Fact("itemCount", "holds a list of", .count(items.count))]
        + (items.first?.members.map { [names(of: $0, "members of the first")] } ?? [])
    }
    return [
      Fact("schema", "schema", .optional(value["schema"]?.text, InspectedValue.text, else: "none is named")),
      names(of: value.members ?? [:], "members"),
    ]
  }

  private static func names(of members: [String: JSONValue], _ name: String) -> Fact {
    Fact("members", name, .list(members.keys.sorted()))
  }

  /// One value a line, or damaged.
  private static func lines(of file: InspectedFile) throws -> Inspection {
    let lines = file.bytes.split(separator: UInt8(ascii: "\n")).filter { !$0.allSatisfy { $0 == 0x20 || $0 == 0x0D } }
    let values = lines.prefix(1000).map { try? CanonicalJSON.decode(JSONValue.self, from: Array($0)) }
    guard lines.count > 1, values.allSatisfy({ $0 != nil }) else {
      throw HintedError(
        "\(file.path) begins as JSON and is not JSON to its end", hint: "it is damaged, or was cut off; make it again")
    }
    return Inspection(
      "JSON Lines", file,
      facts: [Fact("lineCount", "lines", .count(lines.count))]
        + (values.first??.members.map { [names(of: $0, "members of the first")] } ?? []))
  }

  // MARK: Files of a bundle

  /// Two files have this schema: a bundle's excerpt of answers, and what was said in a talk.
  private static func transcript(_ file: InspectedFile, _ value: JSONValue) throws -> Inspection {
    if value["exchanges"] != nil {
      let talk = try CanonicalJSON.decode(TalkTranscript.self, from: file.bytes, named: file.path)
      return Inspection(
        "transcript of a talk", file,
        facts: [
          Fact("image", "image", .id(talk.model)),
          Fact("contextLength", "context", .count(talk.context), unit: "positions"),
          Fact("exchangeCount", "exchanges", .count(talk.exchanges.count)),
        ],
        sections: [
          Section(
            "Exchanges", [("prompt", "prompt"), ("outputByteCount", "bytes said")],
            rows: talk.exchanges.map { [.text($0.prompt), .count($0.output.count)] })
        ])
    }
    let transcript = try PublishedTranscript(reading: file.bytes, name: file.path)
    return Inspection(
      "transcript of a verification", file,
      facts: [
        Fact("image", "image", .id(transcript.image)),
        Fact("contextLength", "context", .count(transcript.contextLength), unit: "positions"),
        Fact("answerCount", "greedy answers", .count(transcript.answers.count)),
      ],
      sections: [
        Section(
          "Answers", [("prompt", "prompt"), ("chosen", "chosen"), ("logits", "logits")],
          rows: transcript.answers.map { [.text($0.prompt), .text($0.chosen), .id($0.logits)] })
      ])
  }

  private static func statement(_ file: InspectedFile, _ value: JSONValue) throws -> Inspection {
    let subjects = Section(
      "Subjects", [("name", "name"), ("sha256", "sha256")],
      rows: (value["subject"]?.items ?? []).map { subject in
        [
          .optional(subject["name"]?.text, InspectedValue.text, else: "?"),
          .optional(subject["digest"]?["sha256"]?.text, InspectedValue.text, else: "unknown"),
        ]
      })
    let predicate = Fact(
      "predicateType", "predicate", .optional(value["predicateType"]?.text, InspectedValue.text, else: "unknown"))
    guard value["predicateType"]?.text == Provenance.currentPredicateType,
      value["predicate"]?["buildDefinition"]?["buildType"]?.text == Provenance.buildType
    else { return Inspection("in-toto statement", file, facts: [predicate], sections: [subjects]) }
    let provenance = try Provenance(reading: file.bytes, name: file.path)
    let build = provenance.predicate.buildDefinition
    return Inspection(
      "provenance", file,
      facts: [
        predicate, Fact("command", "made by", .text(build.externalParameters.command.joined(separator: " "))),
        Fact("builder", "builder", .text(provenance.predicate.runDetails.builder.id)),
        Fact("toolchain", "toolchain", .list(build.internalParameters.toolchain)),
      ],
      sections: [
        subjects,
        Section(
          "Made of", [("name", "what"), ("sha256", "sha256"), ("uri", "address")],
          rows: build.resolvedDependencies.map { resource in
            [
              .text(resource.name), .optional(resource.digest?["sha256"], InspectedValue.text, else: ""),
              .optional(resource.uri, InspectedValue.text, else: ""),
            ]
          }),
      ])
  }

  private static func manifest(_ file: InspectedFile) throws -> Inspection {
    let manifest = try CanonicalJSON.decode(BundleManifest.self, from: file.bytes, named: file.path)
    return Inspection(
      "manifest of a bundle", file,
      facts: [
        Fact("name", "name", .text(manifest.name)),
        Fact("alambicVersion", "sealed by alambic", .text(manifest.alambicVersion)),
      ],
      sections: [files(of: manifest)])
  }

  private static func chain(_ receipts: [ShippedReceipt], _ file: InspectedFile) -> Inspection {
    Inspection(
      "receipts of a bundle", file, facts: [Fact("stepCount", "steps", .count(receipts.count))],
      sections: [
        Section(
          "Outputs", [("stage", "step"), ("kind", "kind"), ("byteCount", "size"), ("id", "id")],
          rows: receipts.flatMap { receipt in
            receipt.outputs.map {
              [.text(receipt.stage.rawValue), .text($0.kind.rawValue), .bytes($0.byteCount), .id($0.id)]
            }
          })
      ])
  }
}
