extension FinishReason {
  /// The word that OpenAI's chat API uses for this reason; other servers' words pass through unchanged.
  public var word: String {
    switch self {
    case .stop: "stop"
    case .length: "length"
    case .contentFilter: "content_filter"
    case .other(let word): word
    }
  }

  public init(word: String) {
    switch word {
    case "stop": self = .stop
    case "length": self = .length
    case "content_filter": self = .contentFilter
    default: self = .other(word)
    }
  }
}
