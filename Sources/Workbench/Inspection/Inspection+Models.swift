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
        shape(model.shape.description), parameters(model.shape.parameterCount),
        Fact("cache", "keys and values", .text("\(model.cache)")),
        vocabulary(contents.vocabulary), strings(contents.vocabulary), trainedContext(contents.trainedContext),
        logit(Double(model.logitScale)), madeFrom(contents.provenance),
      ], sections: [numbers(of: model)] + strings(of: contents.vocabulary))
  }

  private static func explanation(_ contents: CompactImageContents, _ file: InspectedFile) -> Inspection {
    let model = contents.model
    return Inspection(
      "ATOMEQ02 image", file,
      facts: [
        shape(model.shape.description), parameters(model.shape.parameterCount),
        vocabulary(contents.vocabulary), strings(contents.vocabulary), trainedContext(contents.trainedContext),
        logit(Double(model.logitScale)), madeFrom(contents.provenance),
      ] + labels(contents.head),
      sections: [numbers(of: model)] + strings(of: contents.vocabulary) + labels(of: contents.head))
  }

  private static func labels(_ head: LabelHead?) -> [Fact] {
    guard let head else { return [] }
    return [
      Fact("labelCount", "labels", .count(head.labels.count)),
      Fact("noneToken", "token of none", .optional(head.none.map(Int.init), InspectedValue.count, else: "none")),
      Fact(
        "threshold", "answers from", .optional(head.threshold, InspectedValue.number, else: "any margin"),
        unit: head.threshold == nil ? nil : "nats above the others"),
    ]
  }

  private static func labels(of head: LabelHead?) -> [Section] {
    guard let head else { return [] }
    return [
      Section(
        "Labels", [("label", "label"), ("token", "token")],
        rows: head.labels.map { [.text($0.name), .count(Int($0.token))] })
    ]
  }

  private static func numbers(of model: CompactModel) -> Section {
    Section(
      "Blocks",
      [
        ("block", "block"), ("writeGate", "write gates"), ("value", "value"), ("readGate", "read gates"),
        ("output", "output"), ("hidden", "hidden"), ("down", "down"),
      ],
      rows: model.blocks.enumerated().map { index, block in
        [.count(index)]
          + [block.writeGate, block.value, block.readGate, block.output, block.hidden, block.down].map {
            .scale(multiplier: Int($0.multiplier), shift: Int($0.shift))
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
        Fact("tokenCount", "tokens", .count(labels.count)),
        Fact("labelledCount", "with a label", .count(labels.labelledCount)),
        Fact("source", "of the tokens", .id(labels.source)),
        Fact("vocabulary", "vocabulary", .optional(labels.vocabulary, InspectedValue.id, else: "bytes")),
        Fact("teacher", "teacher", .id(labels.teacher)),
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
        strings(vocabulary),
        Fact(
          "unknownByteValueCount", "byte values without a token",
          .count((UInt8.min...UInt8.max).count { !vocabulary.isByte($0) })),
      ], sections: strings(of: vocabulary))
  }

  private static func shape(_ text: String) -> Fact { Fact("shape", "shape", .text(text)) }

  private static func parameters(_ count: Int) -> Fact { Fact("parameterCount", "parameters", .count(count)) }

  private static func vocabulary(_ vocabulary: Vocabulary) -> Fact {
    Fact("vocabulary", "vocabulary", .optional(vocabulary.id, InspectedValue.id, else: "bytes"))
  }

  private static func strings(_ vocabulary: Vocabulary) -> Fact {
    Fact("stringCount", "strings", .count(vocabulary.isIdentity ? 0 : vocabulary.stringTokens.count))
  }

  private static func trainedContext(_ context: Int?) -> Fact {
    Fact(
      "trainedContextLength", "trained context", .optional(context, InspectedValue.count, else: "unknown"),
      unit: context == nil ? nil : "positions")
  }

  private static func logit(_ scale: Double) -> Fact {
    Fact("logitScaleNats", "a logit of 1 is", .number(scale), unit: "nats")
  }

  private static func madeFrom(_ checkpoint: ContentID?) -> Fact {
    Fact("checkpoint", "made from", .optional(checkpoint, InspectedValue.id, else: "unknown"))
  }

  /// Every token that is a string, as text between quotes.
  private static func strings(of vocabulary: Vocabulary) -> [Section] {
    guard !vocabulary.isIdentity else { return [] }
    let rows: [[InspectedValue]] = vocabulary.stringTokens.map {
      [.count(Int($0)), .text("\"\(String(decoding: vocabulary.tokens[Int($0)], as: UTF8.self))\"")]
    }
    return [Section("Strings of the vocabulary", [("token", "token"), ("text", "text")], rows: rows)]
  }

  private static func numbers(of model: IntegerModel) -> Section {
    Section(
      "Layers",
      [
        ("layer", "layer"), ("inputShift", "input shift"), ("outputShift", "output shift"),
        ("mixShift", "mix shift"), ("query", "query"), ("key", "key"), ("value", "value"),
      ],
      rows: model.layers.enumerated().map { index, layer in
        [
          .count(index), .count(Int(layer.norm.inputShift)), .count(Int(layer.norm.outputShift)),
          .count(Int(layer.mixShift)),
        ]
          + [layer.query, layer.key, layer.value].map {
            .scale(multiplier: Int($0.multiplier), shift: Int($0.shift))
          }
      })
  }

  private static func explanation(_ contents: AtomeImageContents, _ file: InspectedFile) -> Inspection {
    let model = contents.model
    let trailer = contents.trailer
    return Inspection(
      "\(contents.packing.name) image", file,
      facts: [
        shape(model.shape.description), parameters(model.shape.parameterCount),
        Fact("bodyByteCount", "body", .count(contents.bodyByteCount), unit: "bytes"),
        Fact(
          "trailerVersion", "trailer",
          trailer == nil ? .nothing("none: a foreign blob") : .count(Int(AtomeTrailer.version))),
        vocabulary(contents.vocabulary), strings(contents.vocabulary), trainedContext(contents.trainedContext),
        madeFrom(trailer?.provenance),
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
      "Ternary tensors",
      [
        ("tensor", "tensor"), ("rowCount", "rows"), ("columnCount", "columns"), ("scale", "scale"),
        ("minusShare", "-1"), ("zeroShare", "0"), ("plusShare", "+1"),
      ],
      rows: all.map { name, tensor in
        [.text(name), .count(tensor.rowCount), .count(tensor.columnCount), .number(Double(tensor.scale))]
          + [-1, 0, 1].map { share(of: $0, in: tensor.trits) }
      })
  }

  private static func share(of trit: Int8, in trits: [Int8]) -> InspectedValue {
    .share(Double(trits.count { $0 == trit }) / Double(max(1, trits.count)))
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
        Fact("network", "network", .text(type(of: checkpoint.shape).architecture.name)),
        shape(checkpoint.shape.description), parameters(checkpoint.shape.parameterCount),
        Fact("step", "step", .count(checkpoint.step)), Fact("stepCount", "of steps", .count(settings.stepCount)),
        Fact("recipe", "recipe", .text(settings.recipe)),
        Fact("batchCount", "batch", .count(settings.batchCount), unit: "windows"),
        Fact("windowTokenCount", "window", .count(settings.windowTokenCount), unit: "tokens"),
        // As text: a program that reads numbers as doubles would lose its last digits.
        Fact("seed", "seed", .text(String(settings.seed))),
        vocabulary(checkpoint.vocabulary), strings(checkpoint.vocabulary),
        Fact("data", "trained on", .id(checkpoint.dataID)),
      ],
      sections: [
        Section(
          "Tensors",
          [
            ("tensor", "tensor"), ("rowCount", "rows"), ("columnCount", "columns"), ("isTernary", "ternary"),
            ("largestMagnitude", "largest |w|"),
          ],
          rows: checkpoint.layout.tensors.map { tensor in
            let largest = checkpoint.values(of: tensor).map(\.magnitude).max() ?? 0
            return [
              .text(tensor.name), .count(tensor.rowCount), .count(tensor.columnCount), .flag(tensor.isTernary),
              .number(Double(largest)),
            ]
          })
      ])
  }
}
