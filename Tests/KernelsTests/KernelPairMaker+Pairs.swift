import Kernels

extension KernelPairMaker {
  /// y = x wᵀ, with w (outputs, width): the three products of one linear layer.
  func matrixProduct() -> KernelPair<Kernels> {
    let (x, w, y) = (positions(), arena.takeMatrix(11, width), arena.takeMatrix(rows, 11))
    let (xGradient, wGradient, yGradient) = (positions(), arena.takeMatrix(11, width), arena.takeMatrix(rows, 11))
    let transposed = arena.takeMatrix(width, 11)
    return KernelPair(
      inputs: [x, w], inputGradients: [xGradient, wGradient], output: y, outputGradient: yGradient
    ) { [kernels] in
      kernels.transpose(w, into: transposed)
      kernels.matrixProduct(x, transposed, into: y)
    } backward: { [kernels] in
      kernels.matrixProduct(yGradient, w, into: xGradient)
      kernels.matrixProduct(yGradient.transposed, x, addingTo: wGradient)
    }
  }

  func layerNorm() -> KernelPair<Kernels> {
    let (x, gamma, beta, y) = (positions(), vector(), vector(), positions())
    let (xGradient, gammaGradient, betaGradient, yGradient) = (positions(), vector(), vector(), positions())
    let (normalised, inverseDeviation) = (positions(), arena.takeVector(rows))
    return KernelPair(
      inputs: [x, gamma, beta], inputGradients: [xGradient, gammaGradient, betaGradient], output: y,
      outputGradient: yGradient
    ) { [kernels] in
      kernels.layerNormForward(
        x: x, gamma: gamma, beta: beta, normalised: normalised, inverseDeviation: inverseDeviation, y: y)
    } backward: { [kernels] in
      kernels.layerNormBackward(
        yGradient: yGradient, gamma: gamma, normalised: normalised, inverseDeviation: inverseDeviation,
        xGradient: xGradient, gammaGradient: gammaGradient, betaGradient: betaGradient)
    }
  }

  func router() -> KernelPair<Kernels> {
    let (logits, weights) = (arena.takeMatrix(rows, 3), arena.takeMatrix(rows, 3))
    let (logitsGradient, weightsGradient) = (arena.takeMatrix(rows, 3), arena.takeMatrix(rows, 3))
    return KernelPair(
      inputs: [logits], inputGradients: [logitsGradient], output: weights, outputGradient: weightsGradient
    ) { [kernels] in
      weights.assign(logits)
      kernels.routerForward(weights)
    } backward: { [kernels] in
      logitsGradient.assign(weightsGradient)
      kernels.routerBackward(weights: weights, gradient: logitsGradient)
    }
  }

  func mix() -> KernelPair<Kernels> {
    let (weights, branches, x) = (arena.takeMatrix(rows, 3), (0..<3).map { _ in positions() }, positions())
    let (weightsGradient, gradients) = (arena.takeMatrix(rows, 3), (0..<3).map { _ in positions() })
    let xGradient = positions()
    return KernelPair(
      inputs: [weights] + branches, inputGradients: [weightsGradient] + gradients, output: x,
      outputGradient: xGradient
    ) { [kernels] in
      x.clear()
      kernels.mixForward(weights: weights, local: branches[0], state: branches[1], sparse: branches[2], x: x)
    } backward: { [kernels] in
      kernels.mixBackward(
        xGradient: xGradient, weights: weights, local: branches[0], state: branches[1], sparse: branches[2],
        weightsGradient: weightsGradient, localGradient: gradients[0], stateGradient: gradients[1],
        sparseGradient: gradients[2])
    }
  }

  func convolution() -> KernelPair<Kernels> {
    let (x, kernel, y) = (positions(), arena.takeMatrix(4, width), positions())
    let (xGradient, kernelGradient, yGradient) = (positions(), arena.takeMatrix(4, width), positions())
    return KernelPair(
      inputs: [x, kernel], inputGradients: [xGradient, kernelGradient], output: y, outputGradient: yGradient
    ) { [kernels] in
      kernels.convolutionForward(x: x, kernel: kernel, y: y)
    } backward: { [kernels] in
      kernels.convolutionBackward(
        yGradient: yGradient, x: x, kernel: kernel, xGradient: xGradient, kernelGradient: kernelGradient)
    }
  }

  func scan() -> KernelPair<Kernels> {
    let (x, vectors, y) = (positions(), (0..<3).map { _ in vector() }, positions())
    let (xGradient, gradients, yGradient) = (positions(), (0..<3).map { _ in vector() }, positions())
    let (state, carry) = (positions(), vector())
    return KernelPair(
      inputs: [x] + vectors, inputGradients: [xGradient] + gradients, output: y, outputGradient: yGradient
    ) { [kernels] in
      kernels.scanForward(
        x: x, decay: vectors[0], inputGain: vectors[1], outputGain: vectors[2], state: state, y: y)
    } backward: { [kernels] in
      kernels.scanBackward(
        yGradient: yGradient, x: x, state: state, decay: vectors[0], inputGain: vectors[1],
        outputGain: vectors[2], carry: carry, xGradient: xGradient, decayGradient: gradients[0],
        inputGainGradient: gradients[1], outputGainGradient: gradients[2])
    }
  }

  /// Queries, keys and values are columns of one matrix, as the fused product leaves them.
  func attention() -> KernelPair<Kernels> {
    let headWidth = 5
    let (all, y) = (arena.takeMatrix(rows, 2 * headWidth + width), positions())
    let (allGradient, yGradient) = (arena.takeMatrix(rows, 2 * headWidth + width), positions())
    func parts(_ whole: Matrix) -> (Matrix, Matrix, Matrix) {
      (
        whole.columns(0..<headWidth), whole.columns(headWidth..<2 * headWidth),
        whole.columns(2 * headWidth..<2 * headWidth + width)
      )
    }
    let memory = AttentionMemory(
      rowCount: rows, headWidth: headWidth, top: 3, arena: arena, indices: indices, scratch: nil)
    return KernelPair(
      inputs: [all], inputGradients: [allGradient], output: y, outputGradient: yGradient
    ) { [kernels] in
      let (query, key, value) = parts(all)
      kernels.attentionForward(query: query, key: key, value: value, memory: memory, y: y)
    } backward: { [kernels] in
      let (query, key, value) = parts(all)
      let (queryGradient, keyGradient, valueGradient) = parts(allGradient)
      kernels.attentionBackward(
        yGradient: yGradient, query: query, key: key, value: value, memory: memory, queryGradient: queryGradient,
        keyGradient: keyGradient, valueGradient: valueGradient)
    }
  }

  func crossEntropy() -> KernelPair<Kernels> {
    let (logits, logitsGradient) = (arena.takeMatrix(rows, 256), arena.takeMatrix(rows, 256))
    let (scratch, loss, lossGradient) = (arena.takeMatrix(rows, 256), arena.takeVector(1), arena.takeVector(1))
    let targets = (0..<rows).map { UInt8($0 * 37 % 256) }
    return KernelPair(
      inputs: [logits], inputGradients: [logitsGradient], output: loss, outputGradient: lossGradient
    ) { [kernels] in
      scratch.assign(logits)
      loss[0, 0] = Kernels.Scalar(
        targets.withUnsafeBufferPointer { kernels.crossEntropy(logits: scratch, targets: $0, scale: 1) })
    } backward: { [kernels] in
      logitsGradient.assign(logits)
      _ = targets.withUnsafeBufferPointer {
        kernels.crossEntropy(logits: logitsGradient, targets: $0, scale: lossGradient[0, 0])
      }
    }
  }
}
