import Formats
import Lineage
import Networks

extension VerificationVectors {
  /// What a verification asks: the first half of the prompts is continued greedily, the other half sampled, so that the
  /// sampler is proven along with the logits; the texts prove the vocabulary.
  /// - Throws: `HintedError` that names the first value outside its limits.
  public init(proving prompts: [[UInt8]], texts: [[UInt8]], generatedByteCount: Int, contextLength: Int) throws {
    try self.init(
      prompts: prompts, generatedByteCount: generatedByteCount, contextLength: contextLength,
      sampling: .proving, greedyPromptCount: (prompts.count + 1) / 2, texts: texts)
  }
}
