import Basics
import Lineage

/// A teacher that answers from a grammar: what the server says, without the server.
///
/// Answers are a function of grammar, messages, seed, temperature and position, so a study that asks it can be repeated
/// to the byte.
public struct ScriptedTeacher: Sendable {
  public struct Message: Hashable, Codable, Sendable {
    public var role: String
    public var content: String

    public init(role: String, content: String) {
      self.role = role
      self.content = content
    }
  }

  /// One of the answers to a question.
  public struct Answer: Hashable, Sendable {
    /// The exchanges, a blank line between two.
    public var text: String
    /// For each exchange, the labels of what was chosen.
    public var labels: [[String: String]]
  }

  /// Between two exchanges of an answer.
  static let separator = "\n\n"

  public let grammar: Grammar
  /// The grammar without what it holds out.
  private let taught: Grammar
  private let noise: RequestNoise?

  public init(grammar: Grammar) {
    self.grammar = grammar
    taught = grammar.saying([])
    noise = grammar.noise.isSilent ? nil : RequestNoise(grammar: grammar)
  }

  /// - Parameters:
  ///   - messages: the user's lines decide what is answered; all of them decide how.
  ///   - seed: with the messages, where randomness starts.
  ///   - temperature: see `ExchangeGenerator.temperature`.
  ///   - count: how many answers to the same question.
  public func answers(to messages: [Message], seed: UInt64, temperature: Double, count: Int) throws -> [Answer] {
    let prompt = messages.filter { $0.role == "user" }.map(\.content).joined(separator: "\n")
    let reading = PromptReading(of: prompt, by: taught)
    let random = SeededGenerator(seed: try Self.seed(of: messages, seed: seed))
    return (0..<count).map { position in
      var generator = ExchangeGenerator(
        grammar: taught, reading: reading, temperature: temperature, noise: noise,
        random: random.stream(UInt64(position)))
      let exchanges = (0..<grammar.exchangesPerAnswer).map { _ in generator.next() }
      return Answer(text: exchanges.map(\.text).joined(separator: Self.separator), labels: exchanges.map(\.labels))
    }
  }

  /// Exchanges straight from the grammar, as an evaluation asks them: without a prompt and without noise.
  public func exchanges(seed: UInt64, count: Int) -> [Exchange] {
    var generator = ExchangeGenerator(
      grammar: taught, reading: PromptReading(), temperature: 1, random: SeededGenerator(seed: seed))
    return (0..<count).map { _ in generator.next() }
  }

  /// Exchanges, without noise, whose requests the teacher never says: each request once, by the weights.
  ///
  /// - Parameters:
  ///   - count: fewer come back where the held-out parts yield no more.
  ///   - parts: what is asked: new phrasings with known values, known phrasings with new values, or both.
  public func heldOutRequests(count: Int, seed: UInt64, of parts: HeldOutParts = .phrasings) -> [Exchange] {
    let recognizer = GrammarRecognizer(grammar: grammar, knowing: [])
    var generator = ExchangeGenerator(
      grammar: grammar.saying(parts), reading: PromptReading(), temperature: 1, random: SeededGenerator(seed: seed))
    var exchanges: [Exchange] = []
    var asked: Set<Substring> = []
    // A hundred draws for each that is wanted: a grammar that holds out less than a hundredth gives fewer.
    for _ in 0..<count * 100 where exchanges.count < count {
      let exchange = generator.next()
      guard let request = exchange.text.split(separator: "\n").first, !asked.contains(request),
        !recognizer.accepts(utteranceLine: String(request))
      else { continue }
      asked.insert(request)
      exchanges.append(exchange)
    }
    return exchanges
  }

  private static func seed(of messages: [Message], seed: UInt64) throws -> UInt64 {
    struct Question: Encodable {
      var messages: [Message]
      var seed: UInt64
    }
    return try ContentID(ofCanonical: Question(messages: messages, seed: seed)).firstBits
  }
}
