import Basics
import Networks

/// A line of a talk that begins with a slash.
public enum TalkInstruction: Hashable, Sendable {
  case help, quit, reset
  /// What the settings become.
  case set(TalkSettings)
  /// Write the transcript.
  case save(path: String)

  /// The instructions, with what follows each and what it does.
  public static let all: [(name: String, argument: String, meaning: String)] = [
    ("/help", "", "this list, and the settings as they are"),
    ("/temperature", "X", "sample at this temperature, 0.01 to 100; 0 is the greedy choice"),
    ("/top-k", "N", "sample from this many of the most probable bytes, 1 to 256"),
    ("/top-p", "X", "sample from the most probable bytes that have this share, 0.001 to 1"),
    ("/seed", "N", "decides what is drawn"),
    ("/bytes", "N", "how many bytes to generate"),
    ("/stop", "on|off", "stop at the byte that ends a document"),
    ("/dialogue", "on|off", "take a line as a request, and answer with the reply's line"),
    ("/entropy", "on|off", "show how undecided each layer's router was, byte by byte"),
    ("/engine", "c|swift|qemu", "where the model runs; the bytes are the same"),
    ("/reset", "", "the settings as they were at the start, and an empty transcript"),
    ("/save", "FILE", "write the transcript, as JSON"),
    ("/quit", "", "leave; so does Ctrl-D"),
  ]

  /// - Parameters:
  ///   - line: begins with a slash.
  ///   - settings: as they are.
  /// - Throws: `HintedError` for an instruction or an argument that does not exist, with the one that was meant.
  public init(parsing line: String, _ settings: TalkSettings) throws {
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    let name = words.first ?? ""
    let argument = words.count > 1 ? words[1].trimmingSpaces : ""
    guard let known = Self.all.first(where: { $0.name == name }) else { throw Self.unknown(name) }
    guard argument.isEmpty == known.argument.isEmpty else {
      throw HintedError(
        known.argument.isEmpty ? "\(name) takes nothing after it" : "\(name) needs \(known.argument)",
        hint: "\(name) \(known.argument)".trimmingSpaces + ": \(known.meaning)", status: .usage)
    }
    switch name {
    case "/help": self = .help
    case "/quit": self = .quit
    case "/reset": self = .reset
    case "/save": self = .save(path: argument)
    default: self = .set(try Self.changed(settings, name, argument))
    }
  }

  private static func unknown(_ name: String) -> HintedError {
    let names = all.map(\.name)
    let near = EditDistance.nearest(to: name, in: names).map { "did you mean \($0)? " } ?? ""
    return HintedError("\(name) is not an instruction", hint: "\(near)/help lists them", status: .usage)
  }

  private static func changed(_ settings: TalkSettings, _ name: String, _ argument: String) throws -> TalkSettings {
    var settings = settings
    switch name {
    case "/temperature":
      let isGreedy = try Sampling.thousandths(name, argument) == 0
      settings.temperature = isGreedy ? 0 : try Sampling.thousandths(name, argument, in: Sampling.temperatures)
    case "/top-k": settings.topK = try number(name, argument, in: Sampling.topKs)
    case "/top-p": settings.topP = try Sampling.thousandths(name, argument, in: Sampling.topPs)
    case "/seed": settings.seed = try number(name, argument, in: 0...UInt64.max)
    case "/bytes": settings.bytes = try number(name, argument, in: TalkSettings.byteCounts)
    case "/stop": settings.stop = try isOn(name, argument)
    case "/dialogue": settings.dialogue = try isOn(name, argument) ? settings.dialogue ?? DialogueMarks() : nil
    case "/entropy": settings.entropy = try isOn(name, argument)
    default: settings.engine = try engine(argument)
    }
    try settings.checkRouters()
    return settings
  }

  private static func number<Number: FixedWidthInteger>(
    _ name: String, _ text: String, in range: ClosedRange<Number>
  ) throws -> Number {
    guard let number = Number(text), range.contains(number) else {
      throw HintedError(
        "\(name) is '\(text)', not a whole number in \(range.lowerBound)…\(range.upperBound)",
        hint: "choose a value in that range", status: .usage)
    }
    return number
  }

  private static func isOn(_ name: String, _ text: String) throws -> Bool {
    switch text {
    case "on": return true
    case "off": return false
    default:
      throw HintedError("\(name) is '\(text)'", hint: "\(name) on, or \(name) off", status: .usage)
    }
  }

  private static func engine(_ text: String) throws -> TalkSettings.Engine {
    let names = TalkSettings.Engine.allCases.map(\.rawValue)
    if let engine = TalkSettings.Engine(rawValue: text) { return engine }
    let near = EditDistance.nearest(to: text, in: names).map { "did you mean \($0)? " } ?? ""
    throw HintedError(
      "there is no engine named '\(text)'", hint: "\(near)engines: \(names.joined(separator: ", "))", status: .usage)
  }
}

extension TalkSettings {
  /// - Throws: `HintedError` when routers are to be watched that the engine does not show.
  public func checkRouters() throws {
    guard engine != .swift else { return }
    for (what, isAsked) in [("entropy", entropy), ("abstaining", abstention != nil)] where isAsked {
      throw HintedError(
        "\(what) needs the Swift engine: the C engine does not show its routers",
        hint: "choose the engine swift; its bytes are the same", status: .usage)
    }
  }

  /// - Parameter kind: what the model is.
  /// - Throws: `HintedError` when routers are to be watched of a model that has none.
  func checkNoRouters(_ path: String, _ kind: Architecture) throws {
    for (what, isAsked) in [("entropy", entropy), ("abstaining", abstention != nil)] where isAsked {
      throw HintedError(
        "\(what) needs routers, and \(path) is \(kind.name), which has none",
        hint: "leave it out, or talk to an atome model", status: .usage)
    }
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    var rest = self[...]
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}
