import Kernels

extension KernelPairMaker {
  /// Three heads of the given width each; queries, keys and values are columns of one matrix, as the fused product
  /// leaves them.
  func heads() -> KernelPair<Kernels> {
    let headCount = 3
    let d = headCount * width
    let (all, y) = (arena.takeMatrix(rows, 3 * d), arena.takeMatrix(rows, d))
    let (allGradient, yGradient) = (arena.takeMatrix(rows, 3 * d), arena.takeMatrix(rows, d))
    func part(_ index: Int, _ whole: Matrix) -> Matrix { whole.columns(index * d..<(index + 1) * d) }
    let memory = HeadsMemory(rowCount: rows, headCount: headCount, headWidth: width, arena: arena)
    return KernelPair(
      inputs: [all], inputGradients: [allGradient], output: y, outputGradient: yGradient
    ) { [kernels] in
      kernels.headsForward(query: part(0, all), key: part(1, all), value: part(2, all), memory: memory, y: y)
    } backward: { [kernels] in
      kernels.headsBackward(
        yGradient: yGradient, query: part(0, all), key: part(1, all), value: part(2, all), memory: memory,
        queryGradient: part(0, allGradient), keyGradient: part(1, allGradient), valueGradient: part(2, allGradient))
    }
  }

  func gelu() -> KernelPair<Kernels> {
    let (x, y, xGradient, yGradient) = (positions(), positions(), positions(), positions())
    return KernelPair(
      inputs: [x], inputGradients: [xGradient], output: y, outputGradient: yGradient
    ) { [kernels] in
      kernels.geluForward(x: x, y: y)
    } backward: { [kernels] in
      xGradient.assign(yGradient)
      kernels.geluBackward(x: x, gradient: xGradient)
    }
  }
}
