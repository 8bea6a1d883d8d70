import Lineage

/// What assistants say around an answer: "Sure! Here are five examples:", closing offers, code fences, their thoughts.
enum Chatter {
  /// A text that begins so speaks of an answer and is none. In lower case.
  private static let openings = [
    "sure!", "sure,", "sure thing", "certainly!", "certainly,", "of course!", "of course,", "absolutely!",
    "here is a", "here is the", "here's a", "here's the", "here are", "okay, here", "ok, here", "great question",
    "as an ai", "as a language model", "i'm sorry, but i can", "i am sorry, but i can", "i can't assist",
    "i cannot assist", "i'm unable to", "i'd be happy to", "i would be happy to", "below is", "below are",
  ]
  private static let closings = [
    "let me know if", "tell me if", "feel free to", "i hope this helps", "hope this helps",
    "is there anything else i can",
    "would you like me to", "if you'd like, i can", "if you need more", "do you want me to",
  ]
  private static let anywhere = ["<think>", "</think>", "<|im_start|>", "<|im_end|>", "as an ai language model", "```"]

  static func refusal(of text: String) -> Refusal? {
    let lower = text.lowercased()
    if let opening = openings.first(where: lower.hasPrefix) {
      return Refusal(.chatter, "it begins as an assistant's talk: '\(opening)'")
    }
    let last = lower.split(separator: "\n").last ?? ""
    let sentence =
      last.split(whereSeparator: { ".!?".contains($0) }).last(where: { $0.contains(where: \.isLetter) }) ?? ""
    let start = sentence.drop { !$0.isLetter }
    if let closing = closings.first(where: { start.hasPrefix($0) }) {
      return Refusal(.chatter, "it ends as an assistant's talk: '\(closing)'")
    }
    return anywhere.first { lower.contains($0) }.map { Refusal(.chatter, "'\($0)' is in it") }
  }
}
