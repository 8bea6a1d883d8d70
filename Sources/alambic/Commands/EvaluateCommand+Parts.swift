import ArgumentParser
import Basics
import Console
import Conversation
import Foundation
import Lineage
import Training
import Workbench

/// `alambic evaluate --part`, and `--merge`.
extension EvaluateCommand {
  /// What is measured, and on what.
  struct Subject {
    var model: any RunnableModel
    var text: [UInt8]
  }

  func subject(_ data: String) throws -> Subject {
    let loaded = try image.loadModel(tokenizer: tokenizer)
    return Subject(
      model: int8 ? try loaded.roundedToInt8() : loaded,
      text: Array(try common.place.text(named: data).prefix(first ?? .max)))
  }

  func parts(in output: String, _ subject: Subject) -> EvaluationParts {
    EvaluationParts(
      in: output,
      [
        "model": subject.model.id.description, "text": ContentID(of: subject.text).description,
        "shape": image.shapeOptions.shape ?? image.shapeOptions.preset ?? "its own",
        "tokenizer": (try? tokenizer.map { try ContentID(ofFile: $0).description }) ?? "its own",
        "window": window.map(String.init) ?? "its own", "engine": (engine ?? .swift).rawValue, "int8": String(int8),
        // An image has the same bits everywhere; the sums of other models are rounded as the kernels do.
        "instructionSet": subject.model.shippedEngine == .c ? "any" : TrainingHost.instructionSetName,
      ])
  }

  func evaluate(_ part: Part, _ subject: Subject, _ request: EvaluationRequest) async throws {
    guard let output else { return }
    let (manifest, isNew) = try await parts(in: output, subject).run(part) { deal in
      var request = request
      request.deal = deal
      _ = try await subject.model.evaluation(of: subject.text, request)
    }
    common.printer.say(
      isNew
        ? "evaluate part \(part) of \(ReadableUnits.count(manifest.windowCount)) windows "
          + "(\(ReadableUnits.duration(seconds: manifest.durationSeconds)))"
        : "part \(part) is complete since attempt \(manifest.attempt)")
    if common.json { try Output.json(manifest) }
  }

  func validate() throws {
    if part != nil, merge != nil { throw ValidationError("--part and --merge exclude each other") }
    if part != nil || merge != nil, output == nil {
      throw ValidationError("\(part == nil ? "--merge" : "--part") needs --output, where the parts lie")
    }
  }

  func parted() async throws -> PartedOutput {
    guard let data, let output, !calibration.calibration else {
      throw HintedError(
        "only a text is evaluated in parts, into a folder",
        hint: "add --data and --output, and leave --calibration out",
        status: .usage)
    }
    let parts = parts(in: output, try subject(data))
    return PartedOutput(folder: output, parts: parts.root, unit: .windows, completion: try parts.completion())
  }
}
