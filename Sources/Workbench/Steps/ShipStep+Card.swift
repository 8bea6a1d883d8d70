import Basics
import Formats
import Lineage
import Shipping

extension ShipStep {
  /// What the bundle's model card says, measured now; nothing in it depends on when or where.
  func card(_ inputs: StepInputs, _ report: VerificationReport) throws -> ModelCard {
    ModelCard(
      name: corpus.name, summary: corpus.recipe.description, license: corpus.recipe.shipping.license,
      language: corpus.recipe.shipping.language, teachers: teachers, score: try inputs.score(), report: report,
      heldOutBitsPerByte: figures[.train]?["heldOutBitsPerByte"], facts: facts(of: try inputs.documents(), report))
  }

  private func facts(of documents: [Document], _ report: VerificationReport) -> [ModelCard.Fact] {
    let answers = chain.filter { $0.stage == .ask }.flatMap(\.outputs).map {
      ModelCard.Fact("bytes of answers", ReadableUnits.count($0.byteCount))
    }
    let refused = (figures[.curate] ?? [:]).filter { $0.key.hasPrefix(Self.rejected) && $0.value > 0 }
      .sorted { $0.key < $1.key }.map {
        ModelCard.Fact("texts refused: \($0.key.dropFirst(Self.rejected.count))", ReadableUnits.count(Int($0.value)))
      }
    return answers + Self.facts(of: documents) + refused + [
      ModelCard.Fact("preset of the student", corpus.recipe.training.preset),
      ModelCard.Fact("steps of training", ReadableUnits.count(corpus.recipe.training.steps)),
      ModelCard.Fact("bytes of the image", ReadableUnits.count(report.image.byteCount)),
    ]
  }

  private static let rejected = "rejected."

  private static func facts(of documents: [Document]) -> [ModelCard.Fact] {
    let lengths = documents.map { $0.text.utf8.count }.sorted()
    var isUsed = [Bool](repeating: false, count: 256)
    for document in documents { for byte in document.text.utf8 { isUsed[Int(byte)] = true } }
    let bytes = isUsed.indices.filter { isUsed[$0] }
    let heldOut = documents.count { $0.split == .heldOut }
    let rewritten = documents.count { $0.rewrittenFrom != nil }
    return [
      ModelCard.Fact("documents to train on", ReadableUnits.count(documents.count - heldOut)),
      ModelCard.Fact("documents held out", ReadableUnits.count(heldOut)),
      ModelCard.Fact("bytes of documents", ReadableUnits.count(lengths.reduce(0, +))),
      ModelCard.Fact(
        "length of a document, bytes",
        "\(lengths.first ?? 0) to \(lengths.last ?? 0), median \(lengths.isEmpty ? 0 : lengths[lengths.count / 2])"),
      ModelCard.Fact(
        "different bytes", "\(bytes.count)\(bytes.allSatisfy { $0 < 0x80 } ? ", all ASCII" : "")"),
      ModelCard.Fact(
        "documents said more than once", ReadableUnits.count(documents.count { $0.repeats > 1 })),
    ] + (rewritten == 0 ? [] : [ModelCard.Fact("documents in other words", ReadableUnits.count(rewritten))])
  }
}

extension CorpusFolder {
  /// Whoever said, judged or rewrote the corpus's texts; nobody where they were fetched and nobody judges.
  func shippedTeachers(in folders: ProjectFolders) throws -> [ShippedTeacher] {
    let named =
      (recipe.source == nil ? recipe.teachers?.map(\.word) ?? [recipe.teacher].compactMap(\.self) : [])
      .map { ("teacher", $0) }
      + [recipe.judge.map { ("judge", $0.teacher) }, recipe.rewrite.map { ("rewriter", $0.teacher) }].compactMap(\.self)
    return try named.map { role, name in
      let access = try TeacherAccess(named: name, in: folders)
      return ShippedTeacher(
        name: name, role: role, model: access.profile.model, identity: try access.identity(),
        outputsLicense: access.profile.outputsLicense)
    }
  }
}
