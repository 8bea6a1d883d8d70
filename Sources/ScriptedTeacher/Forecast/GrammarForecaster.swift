/// Everything that a scripted teacher may be in the middle of saying, after some bytes: each derivation that agrees
/// with them, and how likely it is together with them.
public struct Forecast: Sendable {
  /// One place in one derivation.
  struct State: Hashable, Sendable {
    /// The text at hand, of which `offset` bytes were said; negative where the exchange is over.
    var literal: Int32
    var offset: Int32
    /// What follows it.
    var rest: Int32
    /// The slots' values so far.
    var bindings: Int32
    var start: Int32
  }

  var states: [(state: State, mass: Double)] = []

  /// How likely the teacher is to begin with these bytes; 0 where it never does.
  public var mass: Double { states.reduce(0) { $0 + $1.mass } }
  public var isEmpty: Bool { states.isEmpty }
}

/// A scripted teacher's exact distribution over the next byte, for any beginning of an exchange: the sum over all
/// derivations that agree with it, each weighed as the generator would draw it.
///
/// Nothing is sampled: as bytes come, the places of all derivations are carried along, and equal ones are added up.
/// Grammars are finite and have no rule that leads back to itself, so every step ends. What bounds it is `stateLimit`
/// places at once. Requests are meant as they are before noise, and nobody prompts: everything may be said.
public final class GrammarForecaster {
  /// Beyond as many places a beginning counts as unknown: the thermostat's most are some tens of thousands.
  public static let stateLimit = 1 << 20
  /// From as many on, equal places are looked for.
  private static let mergeCount = 256

  private struct Rest: Hashable {
    var list: Int32
    var index: Int32
    var next: Int32
  }

  private struct Binding: Hashable {
    var slot: Int32
    var value: Int32
    var before: Int32
  }

  private let grammar: ForecastGrammar
  /// Lists that are never changed share their ends, and equal ones are one.
  private var rests: [Rest] = []
  private var restNumbers: [Rest: Int32] = [:]
  private var bindings: [Binding] = []
  private var bindingNumbers: [Binding: Int32] = [:]

  /// - Parameter temperature: with which the teacher is asked.
  public init(_ grammar: Grammar, temperature: Double = 1) {
    self.grammar = ForecastGrammar(grammar.saying([]), temperature: temperature)
  }

  /// Before the first byte.
  public func start() -> Forecast {
    var forecast = Forecast()
    for (number, start) in grammar.starts.enumerated() where start.probability > 0 {
      walk(
        Walk(list: start.list, index: 0, rest: -1, bindings: -1, start: Int32(number)), start.probability, &forecast)
    }
    return merged(forecast)
  }

  /// After one more byte.
  public func advance(_ forecast: Forecast, by byte: UInt8) -> Forecast {
    var next = Forecast()
    for (state, mass) in forecast.states where state.literal >= 0 {
      let text = grammar.literals[Int(state.literal)]
      guard text[Int(state.offset)] == byte else { continue }
      var state = state
      state.offset += 1
      if Int(state.offset) < text.count {
        next.states.append((state, mass))
      } else {
        follow(state.rest, Walk(list: 0, index: 0, rest: -1, bindings: state.bindings, start: state.start), mass, &next)
      }
      guard next.states.count <= Self.stateLimit else { return Forecast() }
    }
    return merged(next)
  }

  /// How likely each byte is to come next, and the end, together with what was said.
  public func next(_ forecast: Forecast) -> (bytes: [Double], end: Double) {
    var (bytes, end) = ([Double](repeating: 0, count: 256), 0.0)
    for (state, mass) in forecast.states {
      guard state.literal >= 0 else {
        end += mass
        continue
      }
      bytes[Int(grammar.literals[Int(state.literal)][Int(state.offset)])] += mass
    }
    return (bytes, end)
  }

  private func merged(_ forecast: Forecast) -> Forecast {
    guard forecast.states.count >= Self.mergeCount else { return forecast }
    var places: [Forecast.State: Int] = [:]
    places.reserveCapacity(forecast.states.count)
    var merged = Forecast()
    for (state, mass) in forecast.states {
      if let place = places[state] {
        merged.states[place].mass += mass
      } else {
        places[state] = merged.states.count
        merged.states.append((state, mass))
      }
    }
    return merged
  }
}

// MARK: - Derivations

extension GrammarForecaster {
  /// A place between two pieces.
  private struct Walk {
    var list: Int32
    var index: Int
    var rest: Int32
    var bindings: Int32
    var start: Int32
  }

  /// Goes on to the next text that is said, on every way there is.
  private func walk(_ place: Walk, _ mass: Double, _ forecast: inout Forecast) {
    let pieces = grammar.lists[Int(place.list)]
    guard place.index < pieces.count else { return follow(place.rest, place, mass, &forecast) }
    switch pieces[place.index] {
    case .literal(let literal): say(literal, place, mass, &forecast)
    case .slot(let slot, let isCapitalized): fill(slot, isCapitalized, place, mass, &forecast)
    case .rule(let rule):
      let rest = self.rest(behind: place)
      for alternative in grammar.rules[rule] where alternative.probability > 0 {
        var inner = place
        (inner.list, inner.index, inner.rest) = (alternative.list, 0, rest)
        walk(inner, mass * alternative.probability, &forecast)
      }
    }
  }

  private func follow(_ rest: Int32, _ place: Walk, _ mass: Double, _ forecast: inout Forecast) {
    guard rest >= 0 else {
      let end = Forecast.State(literal: -1, offset: 0, rest: -1, bindings: -1, start: 0)
      return forecast.states.append((end, mass))
    }
    let outer = rests[Int(rest)]
    var place = place
    (place.list, place.index, place.rest) = (outer.list, Int(outer.index), outer.next)
    walk(place, mass, &forecast)
  }

  private func say(_ literal: Int32, _ place: Walk, _ mass: Double, _ forecast: inout Forecast) {
    let state = Forecast.State(
      literal: literal, offset: 0, rest: rest(behind: place), bindings: place.bindings, start: place.start)
    forecast.states.append((state, mass))
  }

  /// A slot has one value within an exchange: drawn where it is first said, and kept.
  private func fill(
    _ named: Int, _ isCapitalized: Bool, _ place: Walk, _ mass: Double, _ forecast: inout Forecast
  ) {
    let slot = grammar.starts[Int(place.start)].slotMap[named]
    let texts = isCapitalized ? grammar.slots[slot].capitalized : grammar.slots[slot].plain
    func say(_ value: Int, _ bindings: Int32, _ mass: Double) {
      var place = place
      place.bindings = bindings
      if grammar.literals[Int(texts[value])].isEmpty {
        place.index += 1
        walk(place, mass, &forecast)
      } else {
        self.say(texts[value], place, mass, &forecast)
      }
    }
    if let value = value(of: slot, place.bindings) { return say(value, place.bindings, mass) }
    for value in texts.indices {
      say(value, bind(slot, value, place.bindings), mass / Double(texts.count))
    }
  }

  private func value(of slot: Int, _ bindings: Int32) -> Int? {
    var number = bindings
    while number >= 0 {
      let binding = self.bindings[Int(number)]
      if binding.slot == slot { return Int(binding.value) }
      number = binding.before
    }
    return nil
  }

  private func bind(_ slot: Int, _ value: Int, _ before: Int32) -> Int32 {
    let binding = Binding(slot: Int32(slot), value: Int32(value), before: before)
    if let number = bindingNumbers[binding] { return number }
    bindings.append(binding)
    bindingNumbers[binding] = Int32(bindings.count - 1)
    return Int32(bindings.count - 1)
  }

  /// What follows the piece at hand; what ends with it needs no place of its own.
  private func rest(behind place: Walk) -> Int32 {
    guard place.index + 1 < grammar.lists[Int(place.list)].count else { return place.rest }
    let rest = Rest(list: place.list, index: Int32(place.index + 1), next: place.rest)
    if let number = restNumbers[rest] { return number }
    rests.append(rest)
    restNumbers[rest] = Int32(rests.count - 1)
    return Int32(rests.count - 1)
  }
}
