import Formats
import Networks
import Training

/// Variations of an atome model, to see what each of its parts is worth.
enum Ablations {
  /// The whole model first, then what is changed, one thing at a time.
  static func contestants(of shape: AtomeShape, named name: String, window: Int) -> [Contestant] {
    let whole = Contestant(name: name, shape: StudentShape(shape), form: .ternary)
    return [whole] + pathways(shape) + dimensions(shape) + windows(shape, window) + depths(shape)
  }

  private static func pathways(_ shape: AtomeShape) -> [Contestant] {
    let off = Pathway.allCases.map { TrainingSettings.Ablation(withoutPathways: [$0]) }
    return (off + [TrainingSettings.Ablation(floatWeights: true)]).map { ablation in
      Contestant(name: "\(ablation)", shape: StudentShape(shape), form: .ternary, ablation: ablation)
    }
  }

  private static func dimensions(_ shape: AtomeShape) -> [Contestant] {
    let kernels = [1, 3, 9].map { size in variation("kernel \(size)", of: shape) { $0.kernelSize = size } }
    let picks = [1, 2, 8].map { count in variation("top_k \(count)", of: shape) { $0.topK = count } }
    return (kernels + picks).filter { $0.shape != StudentShape(shape) }
  }

  private static func windows(_ shape: AtomeShape, _ window: Int) -> [Contestant] {
    let lengths: [Int] = [window / 2, window * 2].filter { (8...4096).contains($0) }
    return lengths.map { length in
      Contestant(name: "window \(length)", shape: StudentShape(shape), form: .ternary, window: length)
    }
  }

  /// Other numbers of layers, each with the width whose image is nearest in size.
  private static func depths(_ shape: AtomeShape) -> [Contestant] {
    [1, 2, 3, 6, 8, 12].filter { $0 != shape.layerCount }.map { layers in
      let candidates = stride(from: 16, through: 256, by: 4).map { width in
        AtomeShape(
          modelWidth: width, layerCount: layers, headWidth: max(4, width / 4), topK: shape.topK,
          kernelSize: shape.kernelSize)
      }
      func distance(_ candidate: AtomeShape) -> Int { abs(candidate.atome01ByteCount - shape.atome01ByteCount) }
      let nearest = candidates.min { distance($0) < distance($1) } ?? shape
      return Contestant(name: "\(layers) × \(nearest.modelWidth)", shape: StudentShape(nearest), form: .ternary)
    }
  }

  private static func variation(
    _ name: String, of shape: AtomeShape, _ change: (inout AtomeShape) -> Void
  ) -> Contestant {
    var changed = shape
    change(&changed)
    return Contestant(name: name, shape: StudentShape(changed), form: .ternary)
  }
}
