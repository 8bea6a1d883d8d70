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
    var requests: [String] = []
    for index in 0..<count {
      let text = try reader.text(ofDocument: index, in: .train)
      guard let start = boundary.replyStart(in: text) else { continue }
      words.formUnion(text[..<start].map(\.lowercased).split { !$0.isLowercaseLetter }.map(Array.init))
      requests.append(String(decoding: text[..<start], as: UTF8.self))
    }
    self.words = Set(words.map { String(decoding: $0, as: UTF8.self) })
    frame = RequestFrame(of: requests, boundary: boundary)
  }
}
