import Foundation

/// How often tests kill what they run: a few times in `make test`, and as often as `make kills` says.
public enum KillCount {
  public static func value(usually count: Int) -> Int {
    ProcessInfo.processInfo.environment["ALAMBIC_KILLS"].flatMap(Int.init) ?? count
  }
}

/// How many prompts a faulty server is asked: a few hundred in `make test`, and as many as `make faults` says.
public enum FaultCount {
  public static func value(usually count: Int) -> Int {
    ProcessInfo.processInfo.environment["ALAMBIC_FAULTS"].flatMap(Int.init) ?? count
  }
}
