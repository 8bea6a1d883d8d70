/// The inner loops of training: `TunedKernels` computes them in float32 with the processor's vectors, `NaiveKernels` in
/// any precision and the plainest way. The model's graph is written once over this protocol, so the graph whose
/// gradients are checked in binary64 is the graph that trains.
///
/// A kernel's gradients are named for what they are the gradient of: `xGradient`. Unless it says otherwise, a backward
/// kernel adds to them. Matrices have one row a position; `d` is the model's width, `V` the vocabulary.
public protocol KernelSet<Scalar>: Sendable {
  associatedtype Scalar: RealNumber
  typealias Matrix = MatrixView<Scalar>

  /// c = a b, for (m, k) times (k, n); `a` may be transposed.
  func matrixProduct(_ a: Matrix, _ b: Matrix, into c: Matrix)
  /// c += a b.
  func matrixProduct(_ a: Matrix, _ b: Matrix, addingTo c: Matrix)

  /// y = the transpose of x.
  func transpose(_ x: Matrix, into y: Matrix)
  /// y += x.
  func add(_ x: Matrix, to y: Matrix)

  /// Layer norm of every row: population variance, epsilon 1e-5. `normalised` (rows, d) is the value before gamma and
  /// beta, `inverseDeviation` (rows) is 1 / sqrt(variance + epsilon).
  func layerNormForward(
    x: Matrix, gamma: Matrix, beta: Matrix, normalised: Matrix, inverseDeviation: Matrix, y: Matrix)
  func layerNormBackward(
    yGradient: Matrix, gamma: Matrix, normalised: Matrix, inverseDeviation: Matrix, xGradient: Matrix,
    gammaGradient: Matrix, betaGradient: Matrix)

  /// RMSNorm of every row (Zhang and Sennrich, arXiv:1910.07467): epsilon 1e-5. `normalised` (rows, d) is the value
  /// before the gain, `inverseSize` (rows) is 1 / sqrt(mean of squares + epsilon).
  func rmsNormForward(x: Matrix, gain: Matrix, normalised: Matrix, inverseSize: Matrix, y: Matrix)
  func rmsNormBackward(
    yGradient: Matrix, gain: Matrix, normalised: Matrix, inverseSize: Matrix, xGradient: Matrix, gainGradient: Matrix)

  /// In place: every row of three logits becomes its softmax.
  func routerForward(_ logits: Matrix)
  /// In place: the gradient of the three weights becomes that of their logits.
  func routerBackward(weights: Matrix, gradient: Matrix)

  /// x += weights[0] local + weights[1] state + weights[2] sparse, row by row.
  func mixForward(weights: Matrix, local: Matrix, state: Matrix, sparse: Matrix, x: Matrix)
  /// Overwrites the gradients of the weights and of the three branches.
  func mixBackward(
    xGradient: Matrix, weights: Matrix, local: Matrix, state: Matrix, sparse: Matrix, weightsGradient: Matrix,
    localGradient: Matrix, stateGradient: Matrix, sparseGradient: Matrix)

  /// Depthwise causal convolution: y_t = sum over j < K, j <= t of kernel[j] x_(t-j); `kernel` is (K, d).
  func convolutionForward(x: Matrix, kernel: Matrix, y: Matrix)
  func convolutionBackward(yGradient: Matrix, x: Matrix, kernel: Matrix, xGradient: Matrix, kernelGradient: Matrix)

  /// Diagonal state space: state_t = decay state_(t-1) + inputGain x_t, y_t = outputGain state_t.
  func scanForward(x: Matrix, decay: Matrix, inputGain: Matrix, outputGain: Matrix, state: Matrix, y: Matrix)
  /// `carry` (d) is scratch.
  func scanBackward(
    yGradient: Matrix, x: Matrix, state: Matrix, decay: Matrix, inputGain: Matrix, outputGain: Matrix,
    carry: Matrix, xGradient: Matrix, decayGradient: Matrix, inputGainGradient: Matrix, outputGainGradient: Matrix)

  /// A gated state (minGRU's: Feng et al., arXiv:2410.01201). `projections` (rows, g + 2 m) are write gates, values
  /// and read gates; in place, gates become z = sigmoid(gate + bias) and r = sigmoid(gate). state_t = state_(t-1) + z
  /// (value_t - state_(t-1)), from 0 on, a write gate serving m / g neighbours; y = r state. `bias` is (g), `state` and
  /// `y` (rows, m); `spread` (m) is scratch.
  func gatedScanForward(projections: Matrix, bias: Matrix, spread: Matrix, state: Matrix, y: Matrix)
  /// Overwrites the gradient of the projections; `projections` is what the forward pass left, `spread` and `carry` (m)
  /// are scratch.
  func gatedScanBackward(
    yGradient: Matrix, projections: Matrix, state: Matrix, spread: Matrix, carry: Matrix, projectionsGradient: Matrix,
    biasGradient: Matrix)

  /// One causal head that keeps the k best keys of each query; a tie goes to the earlier position. `query` and `key`
  /// are (rows, h), `value` and `y` (rows, d); what was chosen stays in `memory` for the backward pass.
  func attentionForward(query: Matrix, key: Matrix, value: Matrix, memory: AttentionMemory<Scalar>, y: Matrix)
  /// The choice of keys is held constant.
  func attentionBackward(
    yGradient: Matrix, query: Matrix, key: Matrix, value: Matrix, memory: AttentionMemory<Scalar>,
    queryGradient: Matrix, keyGradient: Matrix, valueGradient: Matrix)

  /// Several causal heads over all earlier positions: `query`, `key`, `value` and `y` are (rows, d), head i has the
  /// i-th part of their columns. The softmax's weights stay in `memory` for the backward pass.
  func headsForward(query: Matrix, key: Matrix, value: Matrix, memory: HeadsMemory<Scalar>, y: Matrix)
  /// Overwrites the three gradients.
  func headsBackward(
    yGradient: Matrix, query: Matrix, key: Matrix, value: Matrix, memory: HeadsMemory<Scalar>,
    queryGradient: Matrix, keyGradient: Matrix, valueGradient: Matrix)

  /// y = x Phi(x) (Hendrycks and Gimpel, arXiv:1606.08415), with the error function itself: PyTorch's default.
  func geluForward(x: Matrix, y: Matrix)
  /// In place: the gradient of y becomes that of x.
  func geluBackward(x: Matrix, gradient: Matrix)

  /// y = max(x, 0)^2 (So et al., arXiv:2109.08668).
  func squaredReLUForward(x: Matrix, y: Matrix)
  /// In place: the gradient of y becomes that of x.
  func squaredReLUBackward(x: Matrix, gradient: Matrix)

  /// In place: every row of logits (rows, V) becomes scale (softmax - one hot of its target).
  /// - Returns: the sum of the rows' cross-entropies, in nats.
  func crossEntropy(logits: Matrix, targets: UnsafeBufferPointer<UInt8>, scale: Scalar) -> Double

  /// The sum of |x| in ascending order with a binary64 accumulator.
  func absoluteSum(_ x: Matrix) -> Double
  /// rounded = scale clamp(round(x / alpha), -1, 1); round is to nearest, ties to even.
  func roundToTrits(_ x: Matrix, alpha: Scalar, scale: Scalar, rounded: Matrix)
  /// The same of x / alpha + noise, whose elements are counted along the rows.
  func roundToTrits(_ x: Matrix, alpha: Scalar, scale: Scalar, noise: RoundingNoise, rounded: Matrix)

  /// Every row on a scale of its own, max |x| / levels: rounded = scale clamp(round(x / scale), -levels, levels); round
  /// is to nearest, ties to even. A row whose scale is 0 becomes zeros. 4 bits have 7 levels; at most 127.
  func roundRows(_ x: Matrix, levels: Int, rounded: Matrix)
  /// The same of x / scale + noise, whose elements are counted along the rows; the largest of a row may lose a level.
  func roundRows(_ x: Matrix, levels: Int, noise: RoundingNoise, rounded: Matrix)

  func sumOfSquares(_ x: Matrix) -> Double
  /// The sum of x y, element by element, with a binary64 accumulator.
  func sumOfProducts(_ x: Matrix, _ y: Matrix) -> Double
  /// sum = lanes[0] + lanes[1] + …, row by row in this order.
  func addLanes(_ lanes: Matrix, sum: Matrix)
  /// One step of AdamW.
  func adamW(gradient: Matrix, parameter: Matrix, firstMoment: Matrix, secondMoment: Matrix, rule: AdamWRule<Scalar>)
}
