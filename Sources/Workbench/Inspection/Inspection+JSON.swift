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
          ("media type", mediaType), ("signs", value["dsseEnvelope"]?["payloadType"]?.text ?? "nothing"),
          ("check", "alambic verify BUNDLE --signed-by key.pub.pem"),
        ])
    }
    if value["schema"]?.text == BundleManifest.currentSchema { return try manifest(file) }
    if let receipts = try? CanonicalJSON.decode([ShippedReceipt].self, from: file.bytes), !receipts.isEmpty {
      return chain(receipts, file)
    }
    return Inspection("JSON", file, facts: outline(of: value))
  }

  /// What is there to say of any JSON.
  private static func outline(of value: JSONValue) -> [(String, String)] {
    if let items = value.items {
      return [("holds", "a list of \(ReadableUnits.count(items.count))")]
        + (items.first?.members.map { [("members of the first", names(of: $0))] } ?? [])
    }
    let members = value.members ?? [:]
    return [("schema", value["schema"]?.text ?? "none is named"), ("members", names(of: members))]
  }

  private static func names(of members: [String: JSONValue]) -> String {
    let names = members.keys.sorted()
    return names.prefix(12).joined(separator: ", ") + (names.count > 12 ? " and \(names.count - 12) more" : "")
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
      facts: [("lines", ReadableUnits.count(lines.count))]
        + (values.first??.members.map { [("members of the first", names(of: $0))] } ?? []))
  }

  // MARK: Files of a bundle

  /// Two files have this schema: a bundle's excerpt of answers, and what was said in a talk.
  private static func transcript(_ file: InspectedFile, _ value: JSONValue) throws -> Inspection {
    if value["exchanges"] != nil {
      let talk = try CanonicalJSON.decode(TalkTranscript.self, from: file.bytes, named: file.path)
      return Inspection(
        "transcript of a talk", file,
        facts: [
          ("image", talk.model.description), ("context", "\(talk.context) positions"),
          ("exchanges", ReadableUnits.count(talk.exchanges.count)),
        ],
        sections: [
          Section(
            title: "Exchanges", columns: ["prompt", "bytes said"],
            rows: talk.exchanges.map { [$0.prompt.debugDescription, String($0.output.count)] })
        ])
    }
    let transcript = try PublishedTranscript(reading: file.bytes, name: file.path)
    return Inspection(
      "transcript of a verification", file,
      facts: [
        ("image", transcript.image.description), ("context", "\(transcript.contextLength) positions"),
        ("answers", "\(transcript.answers.count), greedy, each from an empty state"),
      ],
      sections: [
        Section(
          title: "Answers", columns: ["prompt", "chosen", "logits"],
          rows: transcript.answers.map { [$0.prompt, $0.chosen, $0.logits.short] })
      ])
  }

  private static func statement(_ file: InspectedFile, _ value: JSONValue) throws -> Inspection {
    let subjects = (value["subject"]?.items ?? []).map { subject in
      ("subject", "\(subject["name"]?.text ?? "?"), sha256 \(subject["digest"]?["sha256"]?.text ?? "unknown")")
    }
    let predicate = ("predicate", value["predicateType"]?.text ?? "unknown")
    guard value["predicateType"]?.text == Provenance.currentPredicateType,
      value["predicate"]?["buildDefinition"]?["buildType"]?.text == Provenance.buildType
    else { return Inspection("in-toto statement", file, facts: [predicate] + subjects) }
    let provenance = try Provenance(reading: file.bytes, name: file.path)
    let build = provenance.predicate.buildDefinition
    return Inspection(
      "provenance", file,
      facts: [predicate] + subjects + [
        ("made by", build.externalParameters.command.joined(separator: " ")),
        ("builder", provenance.predicate.runDetails.builder.id),
        ("toolchain", build.internalParameters.toolchain.joined(separator: "; ")),
      ],
      sections: [
        Section(
          title: "Made of", columns: ["what", "sha256 or address"],
          rows: build.resolvedDependencies.map { [$0.name, shown($0)] })
      ])
  }

  /// Which resource it is: the beginning of its hash, or its address.
  private static func shown(_ resource: Provenance.Resource) -> String {
    resource.digest?["sha256"].map { String($0.prefix(12)) } ?? resource.uri ?? ""
  }

  private static func manifest(_ file: InspectedFile) throws -> Inspection {
    let manifest = try CanonicalJSON.decode(BundleManifest.self, from: file.bytes, named: file.path)
    return Inspection(
      "manifest of a bundle", file,
      facts: [("name", manifest.name), ("sealed by", "alambic \(manifest.alambicVersion)")],
      sections: [
        Section(
          title: "Files", columns: ["file", "size", "id"],
          rows: manifest.files.map { [$0.path, ReadableUnits.bytes($0.byteCount), $0.id.short] })
      ])
  }

  private static func chain(_ receipts: [ShippedReceipt], _ file: InspectedFile) -> Inspection {
    Inspection(
      "receipts of a bundle", file, facts: [("steps", "\(receipts.count)")],
      sections: [
        Section(
          title: "Outputs", columns: ["step", "kind", "size", "id"],
          rows: receipts.flatMap { receipt in
            receipt.outputs.map {
              [receipt.stage.rawValue, $0.kind.rawValue, ReadableUnits.bytes($0.byteCount), $0.id.short]
            }
          })
      ])
  }
}
