import Evaluation
import Formats
import Lineage
import Typing

/// What one pass over a corpus's training requests finds.
struct RequestSurvey {
  /// In small letters: what no typo may make of another word.
  let words: Set<String>
  let frame: RequestFrame

  init(shards: String, boundary: ReplyBoundary) throws {
    let reader = try ShardReader(folder: shards)
    let count = try reader.documentTable(of: .train).documentCount
    var words: Set<[UInt8]> = []
    // The mark of all is what each request leaves of the mark so far: none but the marks need stay in memory.
    var frame: RequestFrame?
    for index in 0..<count {
      let text = try reader.text(ofDocument: index, in: .train)
      guard let start = boundary.replyStart(in: text) else { continue }
      words.formUnion(text[..<start].map(\.lowercased).split { !$0.isLowercaseLetter }.map(Array.init))
      let request = String(decoding: text[..<start], as: UTF8.self)
      frame = RequestFrame(of: (frame.map { [$0.prefix] } ?? []) + [request], boundary: boundary)
    }
    self.words = Set(words.map { String(decoding: $0, as: UTF8.self) })
    self.frame = frame ?? RequestFrame(of: [], boundary: boundary)
  }
}
