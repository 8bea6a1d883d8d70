import Basics
import Formats
import Lineage
import Networks

extension Inspection {
  private static func explanation(_ contents: IntegerImageContents, _ file: InspectedFile) -> Inspection {
    let model = contents.model
    return Inspection(
      "ATOMEQ01 image", file,
      facts: [
        ("shape", model.shape.description),
        ("parameters", ReadableUnits.count(model.shape.parameterCount)),
        ("keys and values", "\(model.cache)"),
        vocabulary(contents.vocabulary), trainedContext(contents.trainedContext),
        ("a logit of 1 is", "\(model.logitScale) nats"),
        ("made from", contents.provenance?.description ?? "unknown"),
      ], sections: [numbers(of: model)] + strings(of: contents.vocabulary))
  }

  private static func explanation(_ contents: CompactImageContents, _ file: InspectedFile) -> Inspection {
    let model = contents.model
    return Inspection(
      "ATOMEQ02 image", file,
      facts: [
        ("shape", model.shape.description),
        ("parameters", ReadableUnits.count(model.shape.parameterCount)),
        vocabulary(contents.vocabulary), trainedContext(contents.trainedContext),
        ("a logit of 1 is", "\(model.logitScale) nats"),
        ("made from", contents.provenance?.description ?? "unknown"),
      ], sections: [numbers(of: model)] + strings(of: contents.vocabulary))
  }

  private static func numbers(of model: CompactModel) -> Section {
    Section(
      title: "Blocks", columns: ["block", "write gates", "value", "read gates", "output", "hidden", "down"],
      rows: model.blocks.enumerated().map { index, block in
        [String(index)]
          + [block.writeGate, block.value, block.readGate, block.output, block.hidden, block.down].map {
            "\($0.multiplier) / 2^\($0.shift)"
          }
      })
  }

  /// What a teacher said about the text of a run.
  static let softLabels = Explainer {
    $0.bytes.starts(with: SoftLabels.magic)
  } explain: { file in
    let labels = try SoftLabels(decoding: file.bytes, name: file.path)
    return Inspection(
      "soft labels", file,
      facts: [
        ("tokens", ReadableUnits.count(labels.count)), ("with a label", ReadableUnits.count(labels.labelledCount)),
        ("of the tokens", labels.source.short), ("vocabulary", labels.vocabulary?.short ?? "bytes"),
        ("teacher", labels.teacher.short),
      ])
  }

  /// A vocabulary's section as `train` leaves it beside a checkpoint.
  static let vocabulary = Explainer {
    $0.bytes.starts(with: VocabularyFile.magic)
  } explain: { file in
    let vocabulary = try VocabularyFile.read(file.bytes, name: file.path)
    return Inspection(
      "vocabulary", file,
      facts: [
        ("strings", String(vocabulary.stringTokens.count)),
        ("byte values without a token", String((UInt8.min...UInt8.max).count { !vocabulary.isByte($0) })),
      ], sections: strings(of: vocabulary))
  }

  private static func vocabulary(_ vocabulary: Vocabulary) -> (String, String) {
    ("vocabulary", vocabulary.id.map { "\(vocabulary.stringTokens.count) strings · \($0)" } ?? "bytes")
  }

  private static func trainedContext(_ context: Int?) -> (String, String) {
    ("trained context", context.map { "\(ReadableUnits.count($0)) positions" } ?? "unknown")
  }

  /// Every token that is a string, as text between quotes.
  private static func strings(of vocabulary: Vocabulary) -> [Section] {
    guard !vocabulary.isIdentity else { return [] }
    let rows = vocabulary.stringTokens.map {
      [String($0), "\"\(String(decoding: vocabulary.tokens[Int($0)], as: UTF8.self))\""]
    }
    return [Section(title: "Strings of the vocabulary", columns: ["token", "text"], rows: rows)]
  }

  private static func numbers(of model: IntegerModel) -> Section {
    Section(
      title: "Layers", columns: ["layer", "input shift", "output shift", "mix shift", "query", "key", "value"],
      rows: model.layers.enumerated().map { index, layer in
        [String(index), "\(layer.norm.inputShift)", "\(layer.norm.outputShift)", "\(layer.mixShift)"]
          + [layer.query, layer.key, layer.value].map { "\($0.multiplier) / 2^\($0.shift)" }
      })
  }

  private static func explanation(_ contents: AtomeImageContents, _ file: InspectedFile) -> Inspection {
    let model = contents.model
    let trailer = contents.trailer
    return Inspection(
      "\(contents.packing.name) image", file,
      facts: [
        ("shape", model.shape.description),
        ("parameters", ReadableUnits.count(model.shape.parameterCount)),
        ("body", "\(ReadableUnits.count(contents.bodyByteCount)) bytes"),
        ("trailer", trailer == nil ? "none: a foreign blob" : "version \(AtomeTrailer.version), checksums match"),
        vocabulary(contents.vocabulary), trainedContext(contents.trainedContext),
        ("made from checkpoint", trailer?.provenance?.description ?? "unknown"),
      ], sections: [tensors(of: model)] + strings(of: contents.vocabulary))
  }

  private static func tensors(of model: AtomeModel) -> Section {
    let layers = model.layers.enumerated().flatMap { index, layer in
      [
        ("convolution", layer.convolution), ("query", layer.query), ("key", layer.key), ("value", layer.value),
        ("router", layer.router),
      ].map { ("layer \(index) \($0.0)", $0.1) }
    }
    let all = [("embedding", model.embedding)] + layers + [("unembedding", model.unembedding)]
    return Section(
      title: "Ternary tensors", columns: ["tensor", "rows", "columns", "scale", "-1", "0", "+1"],
      rows: all.map { name, tensor in
        [name, String(tensor.rowCount), String(tensor.columnCount), "\(tensor.scale)"]
          + [-1, 0, 1].map { share(of: $0, in: tensor.trits) }
      })
  }

  private static func share(of trit: Int8, in trits: [Int8]) -> String {
    "\((100 * Double(trits.count { $0 == trit }) / Double(max(1, trits.count))).rounded(toPlaces: 1)) %"
  }

  static let model = Explainer {
    ModelFile.kind(of: $0.bytes) != nil
  } explain: { file in
    switch try ModelFile(file.bytes, path: file.path, shape: file.shape).content {
    case .checkpoint(let checkpoint): explanation(checkpoint, file)
    case .image(.float(let contents)): explanation(contents, file)
    case .image(.integer(let contents)): explanation(contents, file)
    case .image(.compact(let contents)): explanation(contents, file)
    case .llama: throw HintedError("\(file.path) is a llama2.c model", hint: "`alambic evaluate` measures it")
    }
  }

  private static func explanation(_ checkpoint: some StoredCheckpoint, _ file: InspectedFile) -> Inspection {
    let settings = checkpoint.settings
    return Inspection(
      "checkpoint", file,
      facts: [
        ("network", type(of: checkpoint.shape).architecture.name),
        ("shape", checkpoint.shape.description),
        ("parameters", ReadableUnits.count(checkpoint.shape.parameterCount)),
        ("step", "\(ReadableUnits.count(checkpoint.step)) of \(ReadableUnits.count(settings.stepCount))"),
        ("recipe", settings.recipe),
        ("batch", "\(settings.batchCount) windows of \(settings.windowTokenCount) tokens"),
        ("seed", String(settings.seed)),
        vocabulary(checkpoint.vocabulary),
        ("trained on", checkpoint.dataID.description),
      ],
      sections: [
        Section(
          title: "Tensors", columns: ["tensor", "rows", "columns", "ternary", "largest |w|"],
          rows: checkpoint.layout.tensors.map { tensor in
            let largest = checkpoint.values(of: tensor).map(\.magnitude).max() ?? 0
            return [
              tensor.name, String(tensor.rowCount), String(tensor.columnCount), tensor.isTernary ? "yes" : "no",
              Double(largest).rounded(toPlaces: 4),
            ]
          })
      ])
  }
}
