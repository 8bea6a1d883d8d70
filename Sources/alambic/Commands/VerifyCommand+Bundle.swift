import Basics
import Conversation
import Formats
import Foundation
import Shipping
import Workbench

extension VerifyCommand {
  /// An archive, or the folder that it unpacks to; corpora are named, images end in `.atome`.
  var isBundle: Bool {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: subject, isDirectory: &isFolder)
    return subject.hasSuffix(".tar") || isThere && isFolder.boolValue
  }

  /// The bundle's own questions are asked; only who answers them can be chosen.
  func verifyBundle() async throws {
    guard [data].allSatisfy({ $0 == nil }), [prompts, bytes, context].allSatisfy({ $0 == nil }),
      try shape.requestedShape() == nil
    else {
      throw HintedError(
        "\(subject) is a bundle, which brings its own questions",
        hint: "leave out --prompts, --bytes, --context, --data and the shape", status: .usage)
    }
    let verification = try BundleVerification(subject)
    let signer = try checkSignature(of: verification)
    let firmware = try FirmwareFolder.locateIfAny()
    let progress = progressSink()
    if firmware == nil {
      progress.say(
        "the sources of the engines are not here, so no compiler and no core is asked: the engines of this program are")
    }
    let report = try await verification.run(
      cores: try cores(), firmware: firmware,
      buildFolder: common.place.firmwareBuild("verify-\(verification.image.id.short)"), hosts: try hosts(),
      optimizations: optimizations
    ) { progress($0, of: $1) }
    if !common.json, !common.quiet {
      Output.text(
        "\(verification.bundle.files.count + 2) files: every SHA-256 is as listed; the answers are the report's")
      if let signer { Output.text(signer) }
    }
    try show(report)
  }

  /// What to say of the signature; nil where none is asked for.
  private func checkSignature(of verification: BundleVerification) throws -> String? {
    guard let signedBy else {
      if signature == nil { return nil }
      throw HintedError(
        "--signature without --signed-by: a signature says nothing without its key",
        hint: "add --signed-by key.pub.pem",
        status: .usage)
    }
    let key = try VerifyingKey(pem: try PEMFile.read(signedBy), name: signedBy)
    let path = signature ?? ModelSignature.path(beside: subject, of: verification.bundle)
    try ModelSignature(reading: try AtomicFile.read(path), name: path).check(verification.bundle, by: key, name: path)
    return "\(path): signed by the key \(key.id.short), every file as it was then"
  }
}
