import Formats
import Kernels

/// One optimiser step: Muon on the hidden matrices, a matrix a piece, if the settings ask for it; AdamW on all others.
final class UpdateWork: IndexedWork, @unchecked Sendable {
  // Sendable by agreement: pieces write to their own range and use their thread's scratch.

  private let kernels: TunedKernels
  private let state: TrainingState
  private let settings: TrainingSettings
  private let matrices: [ParameterLayout.Tensor]
  /// What AdamW trains, in pieces of one kind each.
  private let pieces: [(range: Range<Int>, isTernary: Bool)]
  private let orthogonalisers: [Orthogonaliser]
  /// This step's numbers.
  private var rule: AdamWRule<Float>
  private var ternaryRule: AdamWRule<Float>
  private var rateFactor: Float = 0
  private var ternaryRateFactor: Float = 0

  init(
    kernels: TunedKernels, state: TrainingState, settings: TrainingSettings, layout: some NetworkLayout,
    threadCount: Int
  ) {
    self.kernels = kernels
    self.state = state
    self.settings = settings
    let usesMuon = settings.muon != nil
    // Larger matrices first, so that no thread is left with one at the end.
    matrices = usesMuon ? layout.hiddenMatrices.sorted { ($0.count, $0.offset) > ($1.count, $1.offset) } : []
    let others = layout.tensors.filter { !usesMuon || !$0.isHidden }
    pieces = [true, false].flatMap { isTernary in
      ParameterPieces.runs(of: others.filter { $0.isTernary == isTernary }).flatMap(ParameterPieces.pieces)
        .map { ($0, isTernary) }
    }
    let capacity = matrices.map(\.count).max() ?? 0
    orthogonalisers = usesMuon ? (0..<threadCount).map { _ in Orthogonaliser(kernels, capacity: capacity) } : []
    rule = settings.rule(atStep: 1, norm: 0)
    ternaryRule = rule
  }

  var pieceCount: Int { matrices.count + pieces.count }

  /// Sets the numbers of a step, counted from 1, whose gradient has length `norm`.
  func prepare(step: Int, norm: Double) {
    rule = settings.rule(atStep: step, norm: norm)
    rateFactor = settings.rateFactor(atStep: step)
    ternaryRateFactor = settings.ternaryRateFactor(atStep: step)
    ternaryRule = rule
    ternaryRule.learningRate = settings.learningRate * ternaryRateFactor
  }

  func perform(_ index: Int, thread: Int) {
    // The pool hands out high numbers first.
    let reversed = pieceCount - 1 - index
    if reversed < matrices.count {
      updateByMuon(matrices[reversed], orthogonalisers[thread])
    } else {
      let piece = pieces[reversed - matrices.count]
      updateByAdamW(piece.range, piece.isTernary ? ternaryRule : rule)
    }
  }

  private func updateByAdamW(_ range: Range<Int>, _ rule: AdamWRule<Float>) {
    kernels.adamW(
      gradient: state.gradient.columns(range), parameter: state.parameters.columns(range),
      firstMoment: state.firstMoment.columns(range), secondMoment: state.secondMoment.columns(range), rule: rule)
  }

  /// momentum m = mu m + g; the direction g + mu m (Nesterov), made orthogonal; its size as a weight's: sqrt(rows /
  /// columns) where a matrix is tall.
  private func updateByMuon(_ tensor: ParameterLayout.Tensor, _ orthogonaliser: Orthogonaliser) {
    guard let muon = settings.muon else { return }
    let (gradient, moment) = (state.gradient.base + tensor.offset, state.firstMoment.base + tensor.offset)
    let direction = orthogonaliser.matrix(tensor.rowCount, tensor.columnCount)
    for i in 0..<tensor.count {
      let g = gradient[i] * rule.gradientScale
      moment[i] = muon.momentum * moment[i] + g
      direction.base[i] = g + muon.momentum * moment[i]
    }
    orthogonaliser.orthogonalise(direction)
    let rate = muon.learningRate * (tensor.isTernary ? ternaryRateFactor : rateFactor)
    let keep = 1 - rate * settings.muonDecay(isTernary: tensor.isTernary)
    let size = max(1, Float(tensor.rowCount) / Float(tensor.columnCount)).squareRoot()
    let parameter = state.parameters.base + tensor.offset
    for i in 0..<tensor.count {
      parameter[i] = parameter[i] * keep - rate * size * direction.base[i]
    }
  }
}

extension TrainingSettings {
  /// The decay of a matrix that Muon trains.
  fileprivate func muonDecay(isTernary: Bool) -> Float {
    guard isTernary, roundsWeights else { return weightDecay }
    return muon?.ternaryWeightDecay ?? weightDecay
  }
}
