import Basics
import Console
import Formats

/// A verification's contenders for a person, one a line.
struct ContenderTable {
  let text: String

  init(_ report: VerificationReport) {
    let textColumns: [(String, Table.Alignment)] = [("tokens", .right), ("differing", .right)]
    let columns: [(String, Table.Alignment)] = [
      ("contender", .left), ("board", .left), ("context", .right), ("flash", .right), ("RAM", .right),
      ("logits", .right), ("differing", .right),
    ]
    var table = Table(columns + (report.texts == nil ? [] : textColumns))
    for contender in report.contenders {
      let firmware = contender.firmware
      let tokens = contender.texts.map {
        [ReadableUnits.count($0.comparedTokenCount), ReadableUnits.count($0.differingTokenCount)]
      }
      let cells = [
        contender.name, firmware?.board ?? "", "\(contender.contextLength ?? report.vectors.contextLength)",
        firmware.map { ReadableUnits.count($0.flashByteCount) } ?? "",
        firmware.map { ReadableUnits.count($0.ramByteCount) } ?? "",
        ReadableUnits.count(contender.comparedLogitCount), ReadableUnits.count(contender.differingLogitCount),
      ]
      table.add(cells + (tokens ?? []))
    }
    text = table.text
  }
}
