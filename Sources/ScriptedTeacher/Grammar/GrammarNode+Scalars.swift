import Basics
import Foundation

extension GrammarNode {
  /// More values than this are a mistake in a range's step.
  private static let rangeLimit = 10_000

  func text(mayBeEmpty: Bool = false) throws -> String {
    guard let text = scalar else { throw error("should be a text", hint: "quote a text that starts with < > or {") }
    guard mayBeEmpty || !text.isEmpty else { throw error("is empty") }
    guard !text.unicodeScalars.contains("\0") else { throw error("holds a NUL character") }
    return text
  }

  func integer(in range: ClosedRange<Int>) throws -> Int {
    guard let value = Int(try text()) else { throw error("should be a whole number") }
    guard range.contains(value) else {
      throw error("is \(value), outside \(range.lowerBound)…\(range.upperBound)")
    }
    return value
  }

  func positiveNumber() throws -> Double {
    guard let value = Double(try text()), value.isFinite else { throw error("should be a number") }
    guard value > 0 else { throw error("is \(value), but should be above 0", hint: "remove what is never to be said") }
    return value
  }

  func boolean() throws -> Bool {
    switch try text() {
    case "true": return true
    case "false": return false
    default: throw error("should be true or false")
    }
  }

  /// A part of a whole: 0 to 1.
  func share() throws -> Double {
    guard let value = Double(try text()), (0...1).contains(value) else { throw error("should be a number from 0 to 1") }
    return value
  }

  /// The values of `{from: 15, to: 26, step: 0.5}`, in decimal arithmetic and so without rounding.
  func numericRange() throws -> [String] {
    try checkKeys(["from", "to", "step", "heldOut"])
    let lower = try required("from").decimal()
    let upper = try required("to").decimal()
    let step = try optional("step")?.decimal() ?? 1
    guard step > 0, lower <= upper else { throw error("should have from below to, and a step above 0") }
    guard (upper - lower) / step < Decimal(Self.rangeLimit) else {
      throw error("has more than \(Self.rangeLimit) values", hint: "use a larger step")
    }
    return sequence(first: lower) { value in value + step <= upper ? value + step : nil }.map(\.description)
  }

  private func decimal() throws -> Decimal {
    let text = try text()
    guard text.allSatisfy({ "-.0123456789".contains($0) }), text.count <= 12, let value = Decimal(string: text) else {
      throw error("should be a decimal number such as 20 or 0.5")
    }
    return value
  }
}
