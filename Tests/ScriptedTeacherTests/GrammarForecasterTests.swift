import Basics
import Formats
import Lineage
import ScriptedTeacher
import Testing
import Vocabularies

/// A teacher's exact distributions, beside those counted over all that it can say.
@Suite struct GrammarForecasterTests {
  /// Everything that the small grammar can say, written out by hand, and how likely it is.
  private static let small: [(text: String, mass: Double)] = {
    var all: [(String, Double)] = [("> hello\n< Hello.", 1.0 / 3), ("> hello\n< Good day.", 1.0 / 3)]
    for opening in ["", "please "] {
      for room in ["attic", "hall"] {
        for degrees in ["20", "20.5", "21"] {
          let reply = "\(room.prefix(1).uppercased())\(room.dropFirst()) set to \(degrees)."
          all.append(("> \(opening)heat the \(room) to \(degrees)\n< \(reply)", 1.0 / 3 / 2 / 2 / 3))
        }
      }
    }
    return all
  }()

  private static func counted(after prefix: [UInt8]) -> (bytes: [Double], end: Double) {
    var (bytes, end) = ([Double](repeating: 0, count: 256), 0.0)
    for (text, mass) in small where Array(text.utf8).starts(with: prefix) {
      if let next = text.utf8.dropFirst(prefix.count).first { bytes[Int(next)] += mass } else { end += mass }
    }
    return (bytes, end)
  }

  @Test func everyBeginningHasTheDistributionOfWhatTheTeacherSays() throws {
    let forecaster = GrammarForecaster(try Grammars.parseSmall())
    for (text, mass) in Self.small {
      var forecast = forecaster.start()
      var prefix: [UInt8] = []
      for byte in Array(text.utf8) + [0] {
        let (found, wanted) = (forecaster.next(forecast), Self.counted(after: prefix))
        #expect(zip(found.bytes, wanted.bytes).allSatisfy { abs($0 - $1) < 1e-9 }, "after \(prefix)")
        #expect(abs(found.end - wanted.end) < 1e-9)
        if byte == 0 { break }
        forecast = forecaster.advance(forecast, by: byte)
        prefix.append(byte)
      }
      #expect(abs(forecast.mass - mass) < 1e-9)
    }
  }

  @Test func whatIsNeverSaidHasNoForecast() throws {
    let forecaster = GrammarForecaster(try Grammars.parseSmall())
    func forecast(_ text: String) -> Forecast {
      text.utf8.reduce(forecaster.start()) { forecaster.advance($0, by: $1) }
    }
    #expect(!forecast("> please heat the hall to 20.5\n< Hall").isEmpty)
    #expect(forecast("> heat the hall to 20\n< Attic").isEmpty, "a slot has one value in an exchange")
    #expect(forecast("> cool").isEmpty)
    #expect(forecast("> hello\n< Hello. ").isEmpty, "behind the end")
  }

  @Test func atTemperatureNothingTheLikeliestIsSure() throws {
    let forecaster = GrammarForecaster(try Grammars.parseSmall(), temperature: 0)
    var forecast = forecaster.start()
    for byte in "> hello\n< Hello.".utf8 { forecast = forecaster.advance(forecast, by: byte) }
    #expect(forecast.mass == 1 && forecaster.next(forecast).end == 1)
  }

  /// Drawn exchanges come as often as the forecast says: the thermostat, with everything that a grammar can have.
  @Test func theThermostatSaysItAsOften() throws {
    let grammar = try Grammars.thermostat()
    let forecaster = GrammarForecaster(grammar)
    let count = 4000
    let drawn = ScriptedTeacher(grammar: grammar).exchanges(seed: 11, count: count).map { Array($0.text.utf8) }
    for prefix in ["> ", "> s", "> what is ", "> set the "].map({ Array($0.utf8) }) {
      let forecast = prefix.reduce(forecaster.start()) { forecaster.advance($0, by: $1) }
      let next = forecaster.next(forecast)
      let matching = drawn.filter { $0.starts(with: prefix) && $0.count > prefix.count }
      for byte in UInt8.min...UInt8.max {
        let share = next.bytes[Int(byte)] / forecast.mass
        let seen = Double(matching.count { $0[prefix.count] == byte }) / Double(matching.count)
        // Five deviations of a share.
        let deviation = (max(share, 1e-3) * (1 - share) / Double(matching.count)).squareRoot()
        #expect(abs(share - seen) <= 5 * deviation, "\(byte) after \(prefix): \(share), drawn \(seen)")
      }
    }
    // Every exchange that is drawn has a forecast to its end.
    for text in drawn.prefix(200) {
      var forecast = forecaster.start()
      for byte in text { forecast = forecaster.advance(forecast, by: byte) }
      #expect(forecaster.next(forecast).end > 0)
    }
  }
}

/// Token distributions, beside those counted over the encodings of all that the teacher can say.
@Suite struct TokenForecasterTests {
  /// All that the small grammar says; likelihoods as its weights give them.
  private static let all: [(text: [UInt8], mass: Double)] = {
    var all = ["Hello.", "Good day."].map { (Array("> hello\n< \($0)".utf8), 1.0 / 3) }
    for opening in ["", "please "] {
      for (room, named) in [("attic", "Attic"), ("hall", "Hall")] {
        for degrees in ["20", "20.5", "21"] {
          let text = "> \(opening)heat the \(room) to \(degrees)\n< \(named) set to \(degrees)."
          all.append((Array(text.utf8), 1.0 / 36))
        }
      }
    }
    return all
  }()

  private static func replyStart(_ text: [UInt8]) -> Int { (text.firstIndex(of: UInt8(ascii: "\n")) ?? 0) + 1 }

  /// With the separator; prompt and reply apart, or together.
  private static func tokens(_ text: [UInt8], _ vocabulary: Vocabulary, apart: Bool) -> [UInt8] {
    let start = apart ? replyStart(text) : 0
    return vocabulary.encode(Array(text[..<start])) + vocabulary.encode(Array(text[start...])) + [0]
  }

  /// Strings that overlap, so that a token is decided by what follows, and one that lies across the end of a word.
  private static let learned = Result {
    try Vocabulary(
      strings: [
        "> he", "> hea", "at the ", "ha", "hall", "hall to 2", "lea", "ll", "lo", "set to 2", "t to 20", "to 20",
        "to 20.5",
      ].sortedByText, unknownToken: 255)
  }

  @Test(arguments: [true, false], [true, false])
  func everyTokenHasTheDistributionOfWhatTheTeacherSays(isLearned: Bool, isReplyApart: Bool) throws {
    let sorted = try Self.learned.get()
    let vocabulary = isLearned ? sorted : .bytes
    let forecaster = TokenForecaster(
      GrammarForecaster(try Grammars.parseSmall()), vocabulary: vocabulary, isReplyApart: isReplyApart)
    let streams = Self.all.map { (tokens: Self.tokens($0.text, vocabulary, apart: isReplyApart), mass: $0.mass) }
    for string in ["to 20", "to 20.5", "hall to 2", "at the "] where isLearned {
      let token = try #require(vocabulary.tokens.firstIndex(of: Array(string.utf8)))
      #expect(streams.contains { $0.tokens.contains(UInt8(token)) })
    }
    for (index, entry) in Self.all.enumerated() {
      let labels = forecaster.labels(of: entry.text, replyStart: isReplyApart ? Self.replyStart(entry.text) : nil)
      let tokens = streams[index].tokens
      try #require(labels.count == tokens.count)
      for place in tokens.indices {
        var masses = [Double](repeating: 0, count: 256)
        for stream in streams where stream.tokens.starts(with: tokens[..<place]) && stream.tokens.count > place {
          masses[Int(stream.tokens[place])] += stream.mass
        }
        let wanted = SoftLabel(quantising: masses)
        // Sums in another order may round to another unit.
        let isNear = zip(labels[place].entries, wanted.entries).allSatisfy {
          $0.token == $1.token && abs($0.units - $1.units) <= 1
        }
        #expect(isNear && labels[place].entries.count == wanted.entries.count, "token \(place) of \(entry.text)")
      }
    }
  }

  @Test func aTextThatTheTeacherNeverSaysHasLabelsAsFarAsItDoes() throws {
    let forecaster = TokenForecaster(
      GrammarForecaster(try Grammars.parseSmall()), vocabulary: .bytes, isReplyApart: true)
    let text = Array("> hest the attic to 20\n< No.".utf8)
    let labels = forecaster.labels(of: text, replyStart: Self.replyStart(text))
    #expect(labels.count == text.count + 1)
    // What would have come instead of the typo is known, and nothing behind it.
    #expect(labels[4].entries == SoftLabel(quantising: (0..<256).map { $0 == 97 ? 1 : $0 == 108 ? 4 : 0 }).entries)
    #expect(labels[5...].allSatisfy { $0 == .none })
  }
}

extension [String] {
  /// Tokens for these strings, in a vocabulary's order.
  fileprivate var sortedByText: [UInt8: [UInt8]] {
    let sorted: [[UInt8]] = map { [UInt8]($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    return Dictionary(uniqueKeysWithValues: sorted.enumerated().map { (UInt8(128 + $0), $1) })
  }
}
