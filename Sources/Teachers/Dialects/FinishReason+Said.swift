import Lineage

extension FinishReason {
  private static let stopWords: Set<String> = [
    "stop", "end_turn", "stop_sequence", "eos", "eos_token", "end_of_text", "complete",
  ]
  private static let lengthWords: Set<String> = [
    "length", "max_tokens", "max_output_tokens", "model_length", "model_context_window_exceeded",
  ]
  private static let filterWords: Set<String> = [
    "content_filter", "refusal", "safety", "recitation", "prohibited_content", "blocklist", "spii",
  ]

  /// What a server's word means, in whatever case. No word at all counts as the end; an unknown one is kept, without
  /// control characters and at most 60 characters long, and the answer counts as unfinished.
  init(said word: String?) {
    let known = word?.lowercased() ?? "stop"
    if Self.stopWords.contains(known) {
      self = .stop
    } else if Self.lengthWords.contains(known) {
      self = .length
    } else if Self.filterWords.contains(known) {
      self = .contentFilter
    } else {
      let printable = (word ?? "").unicodeScalars.filter { $0.properties.generalCategory != .control }
      let shown = String(String.UnicodeScalarView(printable)).prefix(60)
      self = .other(shown.isEmpty ? "an empty word" : String(shown))
    }
  }
}
