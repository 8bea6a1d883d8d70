import Lineage

/// What a run says while it works; the command line renders it, and `--events` prints it as one JSON object a line.
public enum WorkbenchEvent: Sendable {
  case started(StageName)
  case progress(StageName, done: Int, total: Int?, unit: String, note: String?)
  case finished(StageName, summary: String, seconds: Double)
  /// Nothing to do: a receipt says that these inputs and settings were already worked through.
  case upToDate(StageName, summary: String)
  case notice(String)
}

/// Where a run's events go.
public typealias EventSink = @Sendable (WorkbenchEvent) -> Void
