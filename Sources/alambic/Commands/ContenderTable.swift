import Basics
import Console
import Formats

/// A verification's contenders for a person, one a line.
struct ContenderTable {
  let text: String

  init(_ report: VerificationReport) {
    var table = Table([
      ("contender", .left), ("board", .left), ("context", .right), ("flash", .right), ("RAM", .right),
      ("logits", .right), ("differing", .right),
    ])
    for contender in report.contenders {
      let firmware = contender.firmware
      table.add([
        contender.name, firmware?.board ?? "", "\(contender.contextLength ?? report.vectors.contextLength)",
        firmware.map { ReadableUnits.count($0.flashByteCount) } ?? "",
        firmware.map { ReadableUnits.count($0.ramByteCount) } ?? "",
        ReadableUnits.count(contender.comparedLogitCount), ReadableUnits.count(contender.differingLogitCount),
      ])
    }
    text = table.text
  }
}
