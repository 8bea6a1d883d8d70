import Basics
import Foundation
import Intake

/// A series of values with their times, from a table.
public struct SeriesFile: Sendable {
  public struct Row: Sendable {
    public var time: String
    /// Nil where the value is missing or not a number.
    public var value: Double?
  }

  public var name: String
  public private(set) var rows: [Row] = []

  /// What stands for a missing value, in small letters.
  private static let missing: Set<String> = ["", "nan", "na", "n/a", "null", "-"]

  /// - Parameters:
  ///   - time: the column that holds the time.
  ///   - value: the column that holds the value.
  /// - Throws: `HintedError` for a file that cannot be read, that lacks a column, or a value that is neither a number
  ///   nor missing.
  public init(_ path: String, time: String = "timestamp", value: String = "value") throws {
    name = path
    let bytes = try AtomicFile.read(path)
    try bytes.withUnsafeBufferPointer { try read($0, time, value) }
    guard !rows.isEmpty else { throw HintedError("\(path) has no rows below its first") }
  }

  private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, _ time: String, _ value: String) throws {
    var table = TableRows(bytes, separator: UInt8(ascii: name.hasSuffix(".tsv") ? "\t" : ","))
    let names = table.next()?.cells.map { String(decoding: $0, as: UTF8.self) } ?? []
    func column(_ wanted: String, _ option: String) throws -> Int {
      if let index = names.firstIndex(of: wanted) { return index }
      throw HintedError(
        "\(name) has no column '\(wanted)'",
        hint: names.isEmpty ? "the file is empty" : "there: \(names.joined(separator: ", ")); say which with \(option)")
    }
    let (timeColumn, valueColumn) = (try column(time, "--time"), try column(value, "--value"))
    while let row = table.next() {
      let place = "\(name):\(row.line + 1)"
      guard row.malformed == nil, row.cells.count == names.count else {
        let count = "\(row.cells.count) columns, where the first row has \(names.count)"
        throw HintedError("\(place): \(row.malformed ?? count)", hint: "mend the line, or leave it out")
      }
      let text = String(decoding: row.cells[valueColumn], as: UTF8.self)
      let number = try Self.number(text, place)
      rows.append(Row(time: String(decoding: row.cells[timeColumn], as: UTF8.self), value: number))
    }
  }

  private static func number(_ text: String, _ place: String) throws -> Double? {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    if missing.contains(trimmed.lowercased()) { return nil }
    if let number = Double(trimmed) { return number.isNaN ? nil : number }
    throw HintedError(
      "\(place): '\(text)' is not a number",
      hint: "numbers have a point, as 21.5; a missing one is empty, or NaN")
  }

  public var values: [Double?] { rows.map(\.value) }
}
