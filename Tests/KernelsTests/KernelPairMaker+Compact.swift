import Kernels

extension KernelPairMaker {
  func rmsNorm() -> KernelPair<Kernels> {
    let (x, gain, y) = (positions(), vector(), positions())
    let (xGradient, gainGradient, yGradient) = (positions(), vector(), positions())
    let (normalised, inverseSize) = (positions(), arena.takeVector(rows))
    return KernelPair(
      inputs: [x, gain], inputGradients: [xGradient, gainGradient], output: y, outputGradient: yGradient
    ) { [kernels] in
      kernels.rmsNormForward(x: x, gain: gain, normalised: normalised, inverseSize: inverseSize, y: y)
    } backward: { [kernels] in
      kernels.rmsNormBackward(
        yGradient: yGradient, gain: gain, normalised: normalised, inverseSize: inverseSize, xGradient: xGradient,
        gainGradient: gainGradient)
    }
  }

  /// Three channels a write gate.
  func gatedScan() -> KernelPair<Kernels> {
    let (gates, m) = (width, 3 * width)
    let (given, opened) = (arena.takeMatrix(rows, gates + 2 * m), arena.takeMatrix(rows, gates + 2 * m))
    let givenGradient = arena.takeMatrix(rows, gates + 2 * m)
    let (bias, biasGradient) = (arena.takeVector(gates), arena.takeVector(gates))
    let (spread, carry, state) = (arena.takeVector(m), arena.takeVector(m), arena.takeMatrix(rows, m))
    let (y, yGradient) = (arena.takeMatrix(rows, m), arena.takeMatrix(rows, m))
    return KernelPair(
      inputs: [given, bias], inputGradients: [givenGradient, biasGradient], output: y, outputGradient: yGradient
    ) { [kernels] in
      opened.assign(given)
      kernels.gatedScanForward(projections: opened, bias: bias, spread: spread, state: state, y: y)
    } backward: { [kernels] in
      kernels.gatedScanBackward(
        yGradient: yGradient, projections: opened, state: state, spread: spread, carry: carry,
        projectionsGradient: givenGradient, biasGradient: biasGradient)
    }
  }

  func squaredReLU() -> KernelPair<Kernels> {
    let (x, y, xGradient, yGradient) = (positions(), positions(), positions(), positions())
    return KernelPair(
      inputs: [x], inputGradients: [xGradient], output: y, outputGradient: yGradient
    ) { [kernels] in
      kernels.squaredReLUForward(x: x, y: y)
    } backward: { [kernels] in
      xGradient.assign(yGradient)
      kernels.squaredReLUBackward(x: x, gradient: xGradient)
    }
  }
}
