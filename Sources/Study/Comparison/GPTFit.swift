import Basics
import Formats
import Networks

extension GPTShape {
  /// The plain GPT that makes the most of so many bytes of flash: a baseline that is matched, not merely near.
  ///
  /// Proportions are those that trainings on stories were best with at 20 KB: heads of eight channels, width before
  /// depth, twice the width between the feed-forward's matrices (docs/guides/comparing.md). That last width takes the
  /// bytes that are left.
  /// - Parameters:
  ///   - byteCount: of the integer image without a vocabulary; it is at most so many.
  ///   - isTied: whether it has one table of tokens.
  ///   - window: tokens of the windows that it is trained on.
  /// - Throws: `HintedError` where not even the smallest is within two per cent below.
  public static func fitting(
    byteCount: Int, width: GPTWeightWidth, isTied: Bool = false, window: Int
  ) throws -> GPTShape {
    let candidates = (1...8).flatMap { layers in
      stride(from: 8, through: 256, by: 8).compactMap { d in
        fitting(
          byteCount: byteCount, width,
          GPTShape(
            modelWidth: d, layerCount: layers, headCount: max(1, d / 8), feedForwardWidth: 1, contextLength: window,
            isTied: isTied))
      }
    }
    let tight = candidates.filter { 50 * (byteCount - $0.imageByteCount(width)) <= byteCount }
    guard let best = tight.min(by: { $0.disproportion < $1.disproportion }) else {
      throw HintedError(
        "no plain GPT of \(width.rawValue) bits takes \(byteCount) bytes within 2 %",
        hint: "compare with a preset of a GPT instead", status: .usage)
    }
    return best
  }

  /// The widest feed-forward that fits; nil where there is none.
  private static func fitting(byteCount: Int, _ width: GPTWeightWidth, _ narrowest: GPTShape) -> GPTShape? {
    func shape(_ f: Int) -> GPTShape {
      var shape = narrowest
      shape.feedForwardWidth = f
      return shape
    }
    let widths = (1...512).map { 2 * $0 }
    return widths.last { shape($0).imageByteCount(width) <= byteCount }.map(shape)
  }

  /// Of the image for the integer engine, without a vocabulary. A window's last token is predicted and not read.
  func imageByteCount(_ width: GPTWeightWidth) -> Int {
    var trained = self
    trained.contextLength = max(1, contextLength - 1)
    return GPTImageFile.byteCount(of: trained, width)
  }

  /// How far from the best proportions, in factors: a feed-forward of twice the width, and a layer for each 32
  /// channels.
  private var disproportion: Double {
    let ratio = Double(feedForwardWidth) / Double(2 * modelWidth)
    let depth = 32 * Double(layerCount) / Double(modelWidth)
    return max(ratio, 1 / ratio) * max(depth, 1 / depth)
  }
}
