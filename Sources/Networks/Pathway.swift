/// The three ways that a block offers a byte, in the order of the router's outputs.
public enum Pathway: String, Hashable, Codable, Sendable, CaseIterable {
  /// The depthwise causal convolution.
  case local
  /// The diagonal state space.
  case state
  /// The sparse attention.
  case sparse
}
