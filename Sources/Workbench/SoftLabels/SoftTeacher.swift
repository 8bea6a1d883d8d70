import Basics
import Formats
import Lineage
import ScriptedTeacher
import Training

/// Who says how likely each token of what is trained on was, for a share of the loss: see docs/formats/soft-labels.md.
public enum SoftTeacher: Sendable {
  /// What a scripted teacher says without noise, asked at a temperature.
  case grammar(Grammar, temperature: Double)
  /// A checkpoint of any architecture, and its file's id.
  case model(any StoredCheckpoint, id: ContentID)

  /// - Throws: `HintedError` for a file that is missing or no checkpoint.
  public init(checkpoint path: String) throws {
    let file = try ModelFile(reading: path)
    guard case .checkpoint(let checkpoint) = file.content else {
      throw HintedError(
        "\(path) is an image, and soft labels come from a checkpoint", hint: "name what `alambic train` wrote",
        status: .usage)
    }
    self = .model(checkpoint, id: file.id)
  }

  private struct Identity: Encodable {
    var schema = "alambic.soft-teacher/1"
    var grammar: ContentID
    var temperature: Double
  }

  /// Names it, with all that decides what it says.
  public var id: ContentID {
    get throws {
      switch self {
      case .grammar(let grammar, let temperature):
        try ContentID(ofCanonical: Identity(grammar: grammar.id, temperature: temperature))
      case .model(_, let id): id
      }
    }
  }

  /// Its labels of what is trained on: those of the file, where they are the same, or new ones, which are written.
  /// - Throws: `HintedError` where it cannot label such data.
  public func labels(of data: TrainingData, reply: ReplyBoundary?, at path: String) throws -> SoftLabels {
    let id = try id
    if let known = try? SoftLabels(readingFrom: path), known.teacher == id, (try? known.check(data)) != nil {
      return known
    }
    let labels = try made(of: data, reply: reply, id)
    try labels.write(to: path)
    return labels
  }

  private func made(of data: TrainingData, reply: ReplyBoundary?, _ id: ContentID) throws -> SoftLabels {
    switch self {
    case .grammar(let grammar, let temperature):
      let labeller = try GrammarLabeller(
        grammar, temperature: temperature, vocabulary: data.vocabulary, reply: reply)
      return try labeller.labels(of: data, teacher: id)
    case .model(let checkpoint, _):
      return try Self.labels(by: checkpoint, of: data, id)
    }
  }

  private static func labels(
    by checkpoint: some StoredCheckpoint, of data: TrainingData, _ id: ContentID
  ) throws -> SoftLabels {
    guard let teacher = checkpoint as? any SoftLabelling else {
      throw HintedError("nothing here labels with such a checkpoint", status: .internalFault)
    }
    return try teacher.softLabels(of: data, teacher: id)
  }
}

/// A checkpoint of an architecture that is trained here.
private protocol SoftLabelling {
  func softLabels(of data: TrainingData, teacher: ContentID) throws -> SoftLabels
}

extension TrainingCheckpoint: SoftLabelling where Shape: TrainableShape {
  fileprivate func softLabels(of data: TrainingData, teacher: ContentID) throws -> SoftLabels {
    try SoftLabeller(self).labels(of: data, teacher: teacher)
  }
}

extension SoftLabels {
  /// For a person: how much of the text has labels.
  public var summary: String {
    let share = Int((100 * Double(labelledCount) / Double(max(1, count))).rounded())
    return "soft labels \(id.short): the teacher knows \(share) % of \(ReadableUnits.count(count)) tokens"
  }
}
