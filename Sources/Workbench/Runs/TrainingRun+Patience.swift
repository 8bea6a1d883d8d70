import Formats
import Training

/// The best of a run's evaluations: of the replies where documents have them, else of all that is held out.
struct BestEvaluation {
  private(set) var point: RunLog.Point?
  /// Evaluations since.
  private(set) var worseCount = 0

  init(of points: [RunLog.Point]) {
    for count in points.indices { note(points[...count]) }
  }

  /// Takes the last of a run's evaluations.
  /// - Returns: whether it is the best.
  @discardableResult
  mutating func note(_ points: some BidirectionalCollection<RunLog.Point>) -> Bool {
    guard let last = points.last else { return false }
    guard let best = point, Self.loss(of: last) >= Self.loss(of: best) else {
      (point, worseCount) = (last, 0)
      return true
    }
    worseCount += 1
    return false
  }

  /// Whether patience has ended.
  func endsRun(_ settings: TrainingSettings) -> Bool { settings.patience.map { worseCount >= $0 } ?? false }

  private static func loss(of point: RunLog.Point) -> Double {
    point.heldOutReplyBitsPerByte ?? point.heldOutBitsPerByte
  }
}

extension TrainingRun {
  /// Whether a run with patience can go on from a save: its log has all evaluations up to there, and the best
  /// checkpoint lies beside it. The latter may be of a later step, which comes again and writes the same bits.
  func hasBest(of checkpoint: TrainingCheckpoint<Shape>) -> Bool {
    guard settings.patience != nil else { return true }
    let points = (try? RunLog.Lines(readingFrom: logPath))?.upTo(checkpoint.step).points ?? []
    let isLast = checkpoint.step == settings.stepCount && checkpoint.step % settings.evaluationInterval != 0
    guard points.count == checkpoint.step / settings.evaluationInterval + (isLast ? 1 : 0) else { return false }
    guard let best = BestEvaluation(of: points).point else { return true }
    guard let saved = try? TrainingCheckpoint<Shape>(readingFrom: bestPath) else { return false }
    return saved.shape == shape && saved.settings == settings && saved.dataID == data.id && saved.step >= best.step
  }
}
