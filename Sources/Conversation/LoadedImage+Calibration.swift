import Basics
import Foundation
import Lineage
import Model
import Vocabularies

/// A text as a study of a model names it.
public struct StudiedText: Hashable, Codable, Sendable {
  /// The file's name, without its folders.
  public var name: String
  /// The id of the bytes that were read.
  public var id: ContentID
  public var byteCount: Int
  public var calibration: RouterCalibration
}

/// What router entropy is worth on a text of the model's kind and, where there is one, on another.
public struct RouterStudy: Hashable, Codable, Sendable {
  public var image: ContentID
  public var window: Int
  /// What a window is counted in, and what the predictions are of.
  public var windowUnit: TextEvaluation.Unit
  public var bootstrap: BootstrapSettings
  /// Its figures are of the odd windows; the even ones fit the bins.
  public var inDomain: StudiedText
  /// With the bins of the text in domain.
  public var outOfDomain: StudiedText?
  /// How well a window's mean tells the two texts apart: the area under the ROC curve, 0.5 for a guess.
  public var separation: Separation?

  public struct Separation: Hashable, Codable, Sendable {
    public var router: Double
    public var softmax: Double
  }
}

extension LoadedImage {
  /// - Parameters:
  ///   - inDomain, outOfDomain: texts of bytes; the first is of the model's kind, the second is not.
  ///   - window: in tokens; nil for the model's own context.
  /// - Throws: `HintedError` for a text of fewer than two windows.
  public func routerStudy(
    inDomain: (name: String, bytes: [UInt8]), outOfDomain: (name: String, bytes: [UInt8])?, window: Int?,
    bootstrap: BootstrapSettings, threadCount: Int? = nil
  ) async throws -> RouterStudy {
    let window = window ?? defaultContext
    let predict = { (text: [UInt8]) in
      try await BytePrediction.all(
        of: self.vocabulary.encode(text), window: window,
        threadCount: threadCount ?? ProcessInfo.processInfo.activeProcessorCount
      ) { try self.observedEngine(context: window) }
    }
    guard vocabulary.encode(inDomain.bytes).count >= window + 2 else {
      throw HintedError(
        "a calibration fits on half of the windows and counts on the rest; the text has no two windows of \(window)",
        hint: "give a longer text or a shorter window", status: .usage)
    }
    let predictions = try await predict(inDomain.bytes)
    let fitted = FittedScores(predictions.filter { $0.window.isMultiple(of: 2) })
    let counted = predictions.filter { !$0.window.isMultiple(of: 2) }
    var study = RouterStudy(
      image: id, window: window, windowUnit: vocabulary.isIdentity ? .bytes : .tokens, bootstrap: bootstrap,
      inDomain: StudiedText(inDomain, RouterCalibration(counted, fitted: fitted, bootstrap)))
    if let outOfDomain {
      let others = try await predict(outOfDomain.bytes)
      study.outOfDomain = StudiedText(outOfDomain, RouterCalibration(others, fitted: fitted, bootstrap))
      study.separation = RouterStudy.Separation(
        router: areaUnderROC(
          negatives: windowMeans(predictions) { $0.routerEntropy },
          positives: windowMeans(others) { $0.routerEntropy }),
        softmax: areaUnderROC(
          negatives: windowMeans(predictions) { 1 - $0.confidence },
          positives: windowMeans(others) { 1 - $0.confidence }))
    }
    return study
  }

  /// The reference engine, which shows its routers.
  private func observedEngine(context: Int) throws -> any RouterObserving {
    guard let engine = try engine(.swift, context: context) as? any RouterObserving else { throw RouterWatch.blindness }
    return engine
  }
}

extension StudiedText {
  fileprivate init(_ text: (name: String, bytes: [UInt8]), _ calibration: RouterCalibration) {
    name = text.name
    id = ContentID(of: text.bytes)
    byteCount = text.bytes.count
    self.calibration = calibration
  }
}
