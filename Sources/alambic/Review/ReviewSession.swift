import Basics
import Console
import Foundation
import Lineage
import Workbench

/// A person, or a pipe, that goes through texts and says of each what becomes of it.
struct ReviewSession {
  private let desk: ReviewDesk
  private let texts: [ReviewText]
  private let isQuiet: Bool
  private let screen = Terminal.standardError()
  private var index = 0
  private(set) var decisionCount = 0

  init(desk: ReviewDesk, texts: [ReviewText], isQuiet: Bool) {
    self.desk = desk
    self.texts = texts
    self.isQuiet = isQuiet
  }

  /// Goes on to the last text, the end of the input, or `q`.
  mutating func run() async throws {
    var source: any ReviewSource = TerminalInput.isInteractive() ? try KeyedReview() : PipedReview()
    defer { source.end() }
    while index < texts.count {
      if !isQuiet { source.show(ReviewCard.text(texts[index], number: index + 1, of: texts.count, on: screen)) }
      guard let order = try await source.next(texts[index]), order != .quit else { return }
      do {
        try await follow(order, &source)
      } catch let error as HintedError where error.status == .usage && source.isPerson {
        source.show(ErrorText.render(error, on: screen))
      }
    }
  }

  private mutating func follow(_ order: ReviewOrder, _ source: inout any ReviewSource) async throws {
    let text = texts[index]
    switch order {
    case .accept: try await desk.decide(.accept, on: text.id)
    case .reject(let reason): try await desk.decide(.reject, on: text.id, reason: reason)
    case .edit(let newText): try await desk.decide(.edit, on: text.id, newText: newText)
    case .skip:
      index += 1
      return
    case .undo: return try await undo(&source)
    case .quit: return
    }
    decisionCount += 1
    index += 1
  }

  private mutating func undo(_ source: inout any ReviewSource) async throws {
    guard let decision = try await desk.undo() else { return source.show("there is nothing to undo\n") }
    decisionCount = max(0, decisionCount - 1)
    if let place = texts.firstIndex(where: { $0.id == decision.textID }) { index = place }
    source.show("undone: \(decision.ruling.rawValue) of \(decision.textID.short)\n")
  }
}

/// What becomes of a text.
enum ReviewOrder: Hashable, Sendable {
  case accept
  case reject(String)
  case edit(String)
  case skip, undo, quit

  /// A line of a pipe: a letter, and what belongs to it behind a space.
  /// - Throws: `HintedError` for another line.
  init(line: String) throws {
    let rest = String(line.dropFirst().drop { $0 == " " })
    let isAlone = rest.isEmpty && line.count == 1
    switch line.first {
    case "a" where isAlone: self = .accept
    case "s" where isAlone: self = .skip
    case "u" where isAlone: self = .undo
    case "q" where isAlone: self = .quit
    case "r" where isAlone || line.dropFirst().first == " ": self = .reject(rest)
    case "e" where line.dropFirst().first == " ": self = .edit(try Self.text(rest))
    default:
      throw HintedError(
        "'\(line.prefix(40))' decides nothing", hint: "a line is a, r and why, e and a text, s, u or q", status: .usage)
    }
  }

  /// As it stands, or in JSON where it begins with a quotation mark.
  private static func text(_ rest: String) throws -> String {
    guard rest.hasPrefix("\"") else { return rest }
    return try CanonicalJSON.decode(String.self, from: Array(rest.utf8), named: "the text behind e")
  }
}

/// How a text is shown at a terminal.
enum ReviewCard {
  static func text(_ text: ReviewText, number: Int, of count: Int, on screen: Terminal) -> String {
    let state =
      text.refusal.map { Style.bad("refused: \($0.reason.rawValue)", on: screen) + ", \(why($0))" }
      ?? (text.split?.rawValue ?? "") + (text.repeats > 1 ? ", said \(text.repeats) times" : "")
    let decision = text.decision.map { " · " + Style.accent("\($0.ruling.rawValue) \($0.reason)", on: screen) } ?? ""
    let head = Style.faint("\(number)/\(count) \(text.id.short)", on: screen)
    return "\n\(head)  \(state)\(decision)\n\n\(body(text, on: screen))\n"
  }

  private static func why(_ refusal: ReviewText.Refusal) -> String {
    refusal.similarity.map { "\((100 * $0).rounded(toPlaces: 1)) % alike" } ?? refusal.detail
  }

  private static func body(_ text: ReviewText, on screen: Terminal) -> String {
    guard let twin = text.twin, twin.difference.contains(where: { $0.side != .both }) else {
      return visible(text.text)
    }
    let marked = twin.difference.map { piece in
      switch piece.side {
      case .both: visible(piece.text)
      case .first: Style.bad("[-\(visible(piece.text))-]", on: screen)
      case .second: Style.good("{+\(visible(piece.text))+}", on: screen)
      }
    }
    return "beside the kept document \(twin.id.short):\n" + marked.joined()
  }

  /// No text moves the cursor.
  private static func visible(_ text: String) -> String {
    var shown = PrintableText()
    return shown.take(Array(text.utf8)[...]) + shown.end()
  }
}
