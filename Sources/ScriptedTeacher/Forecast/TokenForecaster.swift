import Formats
import Lineage
import Vocabularies

/// A scripted teacher's exact distribution over the next token: from its grammar's over bytes.
///
/// Tokens are the longest strings that fit, so which one comes next is decided by bytes further on. All that the
/// teacher may say is followed byte by byte through the encoder until a token is decided; what would have cut the
/// tokens before it otherwise is left out. A beginning that a text shares with the one asked for before it is not
/// worked out again.
public final class TokenForecaster {
  private struct Text {
    var bytes: [UInt8]
    var replyStart: Int?
  }

  /// After some bytes of the document at hand.
  private struct Place {
    var forecast: Forecast
    var encoder: TokenEncoder
    /// Tokens that are decided.
    var decided: [UInt8]
    /// Of the token that begins here, where one does.
    var label: SoftLabel?
  }

  private let forecaster: GrammarForecaster
  private let encoder: TokenEncoder
  private let isReplyApart: Bool
  /// By byte of the document at hand; one more than bytes were read.
  private var places: [Place] = []
  private var path: [UInt8] = []

  private static let separator: UInt8 = 0

  /// - Parameter isReplyApart: whether what follows the first line is encoded apart, as training reads replies.
  public init(_ forecaster: GrammarForecaster, vocabulary: Vocabulary, isReplyApart: Bool) {
    self.forecaster = forecaster
    encoder = TokenEncoder(vocabulary)
    self.isReplyApart = isReplyApart
  }

  /// The labels of an exchange's tokens, and of the separator behind them.
  /// - Parameter replyStart: where its second part begins, which is encoded apart: behind its first line.
  public func labels(of bytes: [UInt8], replyStart: Int?) -> [SoftLabel] {
    let text = Text(bytes: bytes, replyStart: replyStart)
    var labels: [SoftLabel] = []
    let border = text.replyStart ?? 0
    for part in [0..<border, border..<text.bytes.count] where !part.isEmpty {
      let tokens = encoder.encode(Array(text.bytes[part]))
      var offset = part.lowerBound
      for (index, token) in tokens.enumerated() {
        labels.append(label(at: offset, of: text, part, Array(tokens[..<index])))
        offset += encoder.text(of: token).count
      }
    }
    labels.append(label(at: text.bytes.count, of: text, border..<text.bytes.count, nil))
    return labels
  }

  /// - Parameter before: the tokens of the part that end where this one begins; nil where nothing follows but the end.
  private func label(at offset: Int, of text: Text, _ part: Range<Int>, _ before: [UInt8]?) -> SoftLabel {
    read(text, to: offset, part)
    if let label = places[offset].label { return label }
    var masses = [Double](repeating: 0, count: Vocabulary.tokenCount)
    let place = places[offset]
    let isRequest = isReplyApart && offset < text.replyStart ?? .max
    let tokens = before ?? encoder.encode(Array(text.bytes[part]))
    follow(place.forecast, place.encoder, place.decided, from: tokens, isRequest: isRequest, to: &masses)
    let label = SoftLabel(quantising: masses)
    places[offset].label = label
    return label
  }

  /// Makes `places` reach so far into a text, from where it parts from the one before.
  private func read(_ text: Text, to offset: Int, _ part: Range<Int>) {
    let shared = zip(path, text.bytes).prefix { $0 == $1 }.count
    if places.isEmpty { places = [Place(forecast: forecaster.start(), encoder: encoder, decided: [])] }
    if shared < path.count {
      path.removeSubrange(shared...)
      places.removeSubrange((shared + 1)...)
    }
    while path.count < offset {
      let byte = text.bytes[path.count]
      var next = places[path.count]
      next.label = nil
      next.forecast = forecaster.advance(next.forecast, by: byte)
      next.encoder.put(byte, to: &next.decided)
      path.append(byte)
      if path.count == text.replyStart { (next.encoder, next.decided) = (encoder, []) }
      places.append(next)
    }
  }

  /// Adds up what may come, by the token that it becomes.
  /// - Parameters:
  ///   - decided: tokens of what was read, of which the last ones may be decided by what comes.
  ///   - tokens: those that have to come out before the one that is asked for.
  private func follow(
    _ forecast: Forecast, _ encoder: TokenEncoder, _ decided: [UInt8], from tokens: [UInt8], isRequest: Bool,
    to masses: inout [Double]
  ) {
    let (bytes, end) = forecaster.next(forecast)
    if end > 0 {
      var (encoder, decided) = (encoder, decided)
      encoder.finish(to: &decided)
      add(end, of: decided + [Self.separator], from: tokens, to: &masses)
    }
    for byte in UInt8.min...UInt8.max where bytes[Int(byte)] > 0 {
      var (encoder, decided) = (encoder, decided)
      encoder.put(byte, to: &decided)
      let isPartOver = isRequest && byte == UInt8(ascii: "\n")
      if isPartOver { encoder.finish(to: &decided) }
      if decided.count > tokens.count || isPartOver {
        add(bytes[Int(byte)], of: decided, from: tokens, to: &masses)
      } else if tokens.starts(with: decided) {
        let next = forecaster.advance(forecast, by: byte)
        follow(next, encoder, decided, from: tokens, isRequest: isRequest, to: &masses)
      }
    }
  }

  private func add(_ mass: Double, of decided: [UInt8], from tokens: [UInt8], to masses: inout [Double]) {
    guard decided.count > tokens.count, decided.starts(with: tokens) else { return }
    masses[Int(decided[tokens.count])] += mass
  }
}
