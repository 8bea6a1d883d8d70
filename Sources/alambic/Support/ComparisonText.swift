import Console
import Foundation
import Study
import Synchronization
import Workbench

/// What `alambic compare` shows a person.
enum ComparisonText {
  static func text(_ report: ComparisonReport) -> String {
    ([report.summary] + report.sections.map(section) + (report.peers.map { [peers($0)] } ?? []))
      .joined(separator: "\n\n")
  }

  private static func peers(_ peers: [ComparisonReport.Peer]) -> String {
    var table = Table(ComparisonReport.Peer.headings.map { ($0.text, $0.isNumber ? .right : .left) })
    for peer in peers { table.add(peer.cells) }
    return "Models of others:\n\n\(table.text)"
  }

  private static func section(_ section: ComparisonReport.Section) -> String {
    // The claims below say the last column.
    var table = Table(
      section.headings.dropLast().map { ($0.text, $0.isNumber ? .right : .left) })
    for row in section.cells { table.add(row.dropLast()) }
    let claims = section.claims.map { "  \($0)" }
    return (["\(section.title): \(section.note)", "", table.text] + (claims.isEmpty ? [] : [""] + claims))
      .joined(separator: "\n")
  }
}

/// When each phase of a run began.
final class PhaseClock: Sendable {
  private let starts = Mutex([String: Date]())

  func elapsed(_ phase: String) -> Double {
    starts.withLock { starts in
      let start = starts[phase] ?? Date()
      starts[phase] = start
      return -start.timeIntervalSinceNow
    }
  }
}
